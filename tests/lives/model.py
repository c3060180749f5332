"""What a watch must do, in plain data: the oracle of the random lives. It knows no code of the watch.

`facts` is what the watch should say now. `trail` is what has been on its flash since the deed began, oldest first: at
whatever point the power goes, the next start must find one of these. Amounts are minor units, times milliseconds of a
clock that never wraps; the day is that of security time.
"""

DAY_S = 86_400
STILL_MS, SESSION_MS = 600_000, 43_200_000
ARMED_MS, LONGEST_ARMED_MS, READ_MS = 60_000, 180_000, 1_000
PER_ARMING = 3
HISTORY = 50
HOME = 156


class Failed(Exception):
    """The watch did what it must not do."""


def copy(value):
    """Plain data, all the way down to lists of what never changes."""
    if isinstance(value, dict):
        return {key: copy(item) for key, item in value.items()}
    return list(value) if isinstance(value, list) else value


def batch(free, limits):
    """One batch of keys, and what was spent with them; the express batch of a card is another one."""
    spent = {"day": 0, "today": 0, "taps": 0, "sum": 0}
    return {"free": list(free), "reserved": [], "limits": dict(limits), "spent": spent}


class Model:
    """One watch."""

    def __init__(self):
        self.facts = {
            "cards": {},
            "history": [],
            "wrong": 0,
            "lost": False,
            "notice": 0,
            "chosen": None,
            "express": None,
            "kept": None,
        }
        self.trail = []
        self.used = set()
        """(card, ATC) of every cryptogram that ever left the watch."""
        self.unshown = set()
        """Of those that were made, written down, and maybe not shown any more."""
        self.boot(self.facts)

    def commit(self):
        """A record is written."""
        self.trail.append(copy(self.facts))

    def boot(self, facts):
        """The power comes back: what was reserved is gone, what was in RAM only has never been."""
        self.facts = copy(facts)
        for card in self.facts["cards"].values():
            card["pay"]["reserved"], card["gate"]["reserved"] = [], []
        self.trail = []
        self.commit()
        self.open = False
        self.armed = None
        """Card that is armed, or ready in express mode."""
        self.at_gate = False
        """It is express mode."""
        self.sent = []
        """(card, ATC, amount, currency) of this arming."""
        self.outcome = None
        """What the latest reader was told."""

    def state(self):
        """Name of the state."""
        if self.facts["lost"]:
            return "lost"
        if self.armed is not None:
            return "express" if self.at_gate else "armed"
        return "worn" if self.open else "locked"

    def live(self):
        """Cards that are not suspended, in order."""
        cards = self.facts["cards"]
        return sorted(
            (name for name in cards if cards[name]["state"] == "active"), key=lambda name: cards[name]["place"]
        )

    def active(self):
        """The card that pays."""
        live = self.live()
        return self.facts["chosen"] if self.facts["chosen"] in live else (live[0] if live else None)

    # The passcode and the time.

    def unlock(self, now_ms, right):
        """A passcode is tried."""
        self.facts["wrong"] += 1
        self.commit()
        if not right:
            return
        self.facts["wrong"] = 0
        self.commit()
        self.open, self.moved_ms, self.passcode_ms = True, now_ms, now_ms
        self.put_away()
        for card in self.facts["cards"].values():
            for half in ("pay", "gate"):
                card[half]["spent"]["taps"] = card[half]["spent"]["sum"] = 0
        self.commit()
        self.install()

    def lock(self):
        """The session ends."""
        self.open = False
        self.put_away()

    def disarm(self):
        """Back to worn; what came meanwhile is opened."""
        self.put_away()
        self.install()

    def tick(self, now_ms, moving):
        """Time has passed."""
        overdue = self.open and (now_ms - self.passcode_ms >= SESSION_MS or now_ms - self.moved_ms >= STILL_MS)
        if overdue:
            self.lock()
        elif moving and self.open:
            self.moved_ms = now_ms
        if self.armed is None or self.at_gate:
            return
        if self.asked is not None and now_ms - self.shown_ms >= READ_MS:
            self.confirmed, self.asked = self.asked, None
        if now_ms - self.armed_ms >= ARMED_MS or now_ms - self.first_ms >= LONGEST_ARMED_MS:
            self.disarm()

    # Keys.

    def half(self):
        """The batch that is in use."""
        return self.facts["cards"][self.armed]["gate" if self.at_gate else "pay"]

    def usable(self, name, now_s):
        """True if keys of this card may be reserved."""
        card = self.facts["cards"][name]
        return card["state"] == "active" and now_s <= card["expires"]

    def arm(self, now_ms, now_s):
        """The wearer arms the active card, on an unlocked watch; returns the ATCs that are in RAM then."""
        self.leave_gate()
        name = self.active()
        if name is None or not self.usable(name, now_s):
            return []
        if not self.facts["cards"][name]["pay"]["free"]:
            return []
        self.armed, self.sent, self.confirmed, self.asked, self.outcome, self.told = name, [], None, None, None, 0
        self.armed_ms = self.first_ms = now_ms
        self.fresh = now_ms - self.passcode_ms < (self.half()["limits"][7] + 1) * 1000
        return self.reserve(PER_ARMING, now_s)

    def reserve(self, most, now_s):
        """Written down before a key is in RAM."""
        half = self.half()
        half["reserved"], half["free"] = half["free"][:most], half["free"][most:]
        if now_s // DAY_S > half["spent"]["day"]:
            half["spent"]["day"], half["spent"]["today"] = now_s // DAY_S, 0
        self.keys = list(half["reserved"])
        self.commit()
        return list(self.keys)

    def may_pass(self, now_s):
        """True if express mode is possible."""
        name = self.facts["express"]
        if name is None or self.facts["lost"] or not self.usable(name, now_s):
            return False
        gate = self.facts["cards"][name]["gate"]
        return bool(self.at_gate or gate["free"]) and gate["spent"]["taps"] < gate["limits"].get(4, 0)

    def rest(self, now_s):
        """The watch does nothing else: it is in express mode if that is possible, which is returned."""
        possible = self.may_pass(now_s)
        if possible and not self.at_gate:
            self.enter_gate(now_s)
        elif not possible:
            self.leave_gate()
        return possible

    def enter_gate(self, now_s):
        """Express mode, from worn or locked."""
        self.armed, self.at_gate = self.facts["express"], True
        self.sent, self.confirmed, self.fresh, self.outcome = [], None, False, None
        return self.reserve(1, now_s)

    def leave_gate(self):
        """Express mode ends."""
        if self.at_gate:
            self.put_away()

    def put_away(self):
        """All keys are zeroed; one record says what was used."""
        if self.armed is not None:
            self.write_down()
            self.armed, self.at_gate = None, False
            self.commit()

    def write_down(self):
        """Keys that were not used are free again; what was sent goes to the history."""
        half, history = self.half(), self.facts["history"]
        sent = [entry[1] for entry in self.sent]
        half["free"] = [atc for atc in half["reserved"] if atc not in sent] + half["free"]
        half["reserved"] = []
        known = [entry[:2] for entry in history]
        history += [entry + ("sent",) for entry in self.sent if entry[:2] not in known]
        self.facts["history"] = history[-HISTORY:]

    def released(self, now_ms, now_s):
        """The reader has gone: what the wearer and the record learn of it. A payment is told before a refusal."""
        outcome = self.outcome
        if outcome is None or self.armed is None:
            return
        if self.at_gate:
            self.passed(now_s)
            return
        if len(self.sent) > self.told:
            outcome, self.told, self.asked, self.confirmed = self.last_sent, len(self.sent), None, None
            if outcome["complete"]:
                self.disarm()
        elif outcome["result"] == "confirm":
            self.asked, self.shown_ms, self.armed_ms, self.confirmed = outcome["asked"], now_ms, now_ms, None
        elif outcome["result"] != "sent":
            self.disarm()
        self.outcome = None

    def passed(self, now_s):
        """A gate has asked: one record says what was used and what is reserved next."""
        self.outcome = None
        if self.sent:
            self.write_down()
            self.armed, self.at_gate = None, False
            if self.may_pass(now_s):
                self.enter_gate(now_s)
            self.commit()

    # A payment.

    def judge(self, amount, currency, required):
        """What becomes of a payment, by the rules of docs/formats.md "Limits map"."""
        limits, spent = self.half()["limits"], self.half()["spent"]
        foreign = currency != HOME
        per_tap = limits[3] if self.at_gate else limits[1]
        if not foreign and (amount > per_tap or (not self.at_gate and spent["today"] + amount > limits[6])):
            return "over-limit"
        if self.lacks_passcode(amount, currency, required):
            return "see-device"
        if (foreign or (not self.at_gate and amount > limits[2])) and self.confirmed != [amount, currency]:
            return "confirm"
        return "sent" if self.keys else "no-keys"

    def lacks_passcode(self, amount, currency, required):
        """True if only a fresh passcode would do."""
        limits, spent = self.half()["limits"], self.half()["spent"]
        over = amount > limits[3] or spent["taps"] >= limits[4] or spent["sum"] + amount > limits[5]
        return (required or currency != HOME or over) and not self.fresh

    def spend(self, amount, currency):
        """A cryptogram is to leave the watch; returns its ATC."""
        atc = self.keys.pop(0)
        self.sent.append((self.armed, atc, amount, currency))
        self.confirmed = None
        spent = self.half()["spent"]
        counted = amount if currency == HOME else 0
        spent["today"] += counted
        if not self.fresh:
            spent["taps"] += 1
            spent["sum"] += counted
        return atc

    def left(self, name, atc):
        """A cryptogram has left the watch."""
        if (name, atc) in self.used:
            raise Failed("the ATC %d is used twice" % atc)
        self.used.add((name, atc))

    # The bank.

    def receive(self, name, package):
        """A package comes: it is installed, or kept until that is possible."""
        if not self.open or (self.armed is not None and not self.at_gate):
            self.facts["kept"] = (name, package)
            self.commit()
        else:
            self.leave_gate()
            self.refill(name, package)

    def install(self):
        """What was kept is opened."""
        if self.facts["kept"] is not None and self.open and self.armed is None:
            name, package = self.facts["kept"]
            self.facts["kept"] = None
            self.refill(name, package)

    def refill(self, name, package):
        """A package is installed."""
        before, card = self.facts["cards"].get(name), copy(package)
        if before is None:
            card["place"] = 1 + max([other["place"] for other in self.facts["cards"].values()] + [0])
        else:
            card["state"], card["place"] = before["state"], before["place"]
            card["pay"]["spent"], card["gate"]["spent"] = before["pay"]["spent"], before["gate"]["spent"]
        self.facts["cards"][name] = card
        self.commit()

    def change_state(self, name, state):
        """The bank suspends, resumes or deletes a card."""
        if self.armed is not None and not self.at_gate:
            self.put_away()
        self.leave_gate()
        if state == "deleted":
            del self.facts["cards"][name]
            for choice in ("chosen", "express"):
                if self.facts[choice] == name:
                    self.facts[choice] = None
            if self.facts["kept"] is not None and self.facts["kept"][0] == name:
                self.facts["kept"] = None
        else:
            self.facts["cards"][name]["state"] = state
        self.numbered()
        self.install()

    def say(self, lost):
        """The bank says that the watch is lost, or found."""
        if lost:
            self.open = False
            self.put_away()
        self.facts["lost"] = lost
        self.numbered()

    def numbered(self):
        """A message of the bank is taken; its number never again."""
        self.facts["notice"] += 1
        self.commit()

    def notice(self, payment, result):
        """The bank's word on a payment."""
        history, settled = self.facts["history"], payment + (result,)
        known = [entry[:2] for entry in history]
        if payment[:2] in known:
            history[known.index(payment[:2])] = settled
        else:
            self.facts["history"] = (history + [settled])[-HISTORY:]
        self.numbered()
