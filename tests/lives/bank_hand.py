"""Deeds of the bank: packages, its word on payments, cards and the watch."""

from support.issuer import EXPRESS_LIMITS, LIMITS, payment_codes

from tests.lives.model import batch
from tests.lives.wearer import CARDS, DAY_S
from watch.kernel.errors import ReplayError

CVNS = {"visa": (0x12, 0x22, 0x43), "mastercard": (0x14, 0x15), "closed-loop": (0x12,)}


class BankHand:
    """For `life.Life`."""

    def refill(self, name=None):
        """A package for a card, new or not; refused when it comes again."""
        if self.model.facts["kept"] is not None:
            return
        name = name or self.chance.pick(sorted(CARDS))
        profile, desk = CARDS[name], self.desk
        before = self.model.facts["cards"].get(name)
        first, keys = self.issued[name] + 1 + self.chance.below(4), 1 + self.chance.below(16)
        gate = self.chance.below(5) if profile == "closed-loop" else 0
        cvn = self.chance.pick(CVNS[profile])
        now_s = desk.now_s + self.chance.below(100)
        content = {
            "batch": before["batch"] + 1 if before else 1, "profile": profile, "first_atc": first, "keys": keys,
            "expires": now_s + self.chance.pick((1, 14)) * DAY_S, "now": now_s, "cvn": cvn, "express_keys": gate,
            "codes": self.codes() if self.chance.below(2) else None,
        }  # fmt: skip
        package = desk.package_of(name, **content)
        atcs = range(first, first + keys)
        passes = range(first + keys, first + keys + gate)
        self.issued[name] = first + keys + gate - 1
        self.versions.update({(name, atc): cvn for atc in range(first, first + keys + gate)})
        installed = {
            "profile": profile, "state": "active", "batch": content["batch"], "held": self.issued[name],
            "expires": content["expires"], "codes": 0 if content["codes"] else None,
            "pay": batch(atcs, LIMITS), "gate": batch(passes, EXPRESS_LIMITS if gate else {}),
        }  # fmt: skip
        self.model.receive(name, installed)
        kept = desk.services.issuance.receive(package) is None
        self.expect(kept, self.model.facts["kept"] is not None, "a package is kept")
        if not kept and self.chance.one_in(3):
            self.refuse(ReplayError, desk.services.issuance.receive, package)

    def codes(self):
        """A payment codes map with a seed of its own."""
        offered = payment_codes(20, self.desk.now_s - 10)
        offered[2] = bytes.fromhex(self.chance.hex(32))
        return offered

    def send(self, message):
        """A message of the bank comes; then an old one once more."""
        self.desk.watch.navigator.notice(message)
        self.desk.breathe()
        self.old = self.old[-20:] + [message]
        if self.chance.one_in(3):
            self.refuse(ReplayError, self.desk.watch.navigator.notice, self.chance.pick(self.old))

    def number(self):
        return self.model.facts["notice"] + 1

    def notice(self):
        """The bank's word on one of the latest payments, or on an older one."""
        if not self.paid:
            return
        back = self.chance.below(min(len(self.paid), 8 if self.chance.below(4) else 200))
        payment = self.paid[-1 - back]
        name, atc, amount, currency = payment
        result = self.chance.pick(("approved", "declined"))
        device = self.desk.services.identity.device_id
        message = self.desk.issuer.notice(device, name, atc, result, amount, self.number(), currency)
        if name in self.model.facts["cards"]:
            self.model.notice(payment, result)
        else:
            self.model.numbered()
        self.send(message)

    def word(self):
        """A card is suspended, resumed, or deleted; or the watch is lost, or found."""
        desk, model = self.desk, self.model
        name = self.chance.pick(sorted(CARDS))
        device = desk.services.identity.device_id
        if model.facts["lost"] or self.chance.one_in(5):
            if not model.facts["cards"]:
                return
            lost = not model.facts["lost"]
            said = ("lost", "call") if lost else ("found", "")
            message = desk.issuer.device_state(device, *said, number=self.number())
            model.say(lost)
        else:
            desk.issuer.notice_number = self.number() - 1
            card = model.facts["cards"].get(name)
            state = "active" if card and card["state"] == "suspended" else "suspended"
            if self.chance.one_in(8):
                state = "deleted"
            message = desk.issuer.token_state(device, name, state)
            if card is None:
                model.numbered()
            else:
                model.change_state(name, state)
        self.send(message)
