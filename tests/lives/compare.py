"""Holds a watch against its model."""

from tests.lives.model import DAY_S, Failed
from watch.storage import records

FREE, RESERVED = 0, 1


def found(services, wrong):
    """What the watch says, in the form of `Model.facts`; of a kept package only that there is one."""
    cards = {}
    for number, slot in services.vault.slots.items():
        cards[slot.token.token_id] = _card(services, number, slot)
    return {
        "cards": cards,
        "history": [
            (paid.token_id, paid.atc, paid.amount, paid.currency, paid.result) for paid in services.history.payments
        ],
        "wrong": wrong,
        "lost": services.guard.lost() is not None,
        "notice": max([number for _, number in services.notices._numbers()] + [0]),
        "chosen": services.wallet._chosen or None,
        "kept": any(services.journal.get(records.KEPT_PACKAGE + place) for place in range(records.SLOTS)),
        "express": services.express.chosen(),
    }


def _card(services, number, slot):
    codes = services.codes._book.state(number)
    return {
        "place": slot.token.place,
        "profile": slot.token.profile,
        "state": slot.token.state,
        "batch": slot.token.batch,
        "held": slot.held(),
        "expires": min(slot.token.keys_expire_s, slot.token.last_second()),
        "codes": None if codes is None else codes.next,
        "pay": _batch(slot.atc, slot.spending, slot.token.limits),
        "gate": _batch(slot.express_atc, slot.express_spending, slot.token.express),
    }


def _batch(atc, spending, limits):
    spent = {
        "day": spending.day,
        "today": spending.today,
        "taps": spending.taps_without_cdcvm,
        "sum": spending.sum_without_cdcvm,
    }
    return {
        "free": [one for one, mark in atc.marks if mark == FREE],
        "reserved": [one for one, mark in atc.marks if mark == RESERVED],
        "limits": dict(limits or {}),
        "spent": spent,
    }


def today(part, now_s):
    """A batch as it is today: the watch turns the day in RAM at an arming, also at one that finds no keys."""
    if not isinstance(part, dict) or part["spent"]["day"] >= now_s // DAY_S:
        return part
    turned = dict(part["spent"])
    turned.update({"day": now_s // DAY_S, "today": 0})
    return dict(part, spent=turned)


def differences(model, services):
    """[(what, what the watch says, what it should say)]."""
    facts, now_s = found(services, 10 - services.guard.tries_left()), services.clock.security_s()
    apart = [(name, facts[name], model.facts[name]) for name in ("wrong", "lost", "express", "history", "notice")]
    apart.append(("kept", facts["kept"], model.facts["kept"] is not None))
    apart.append(("cards", sorted(facts["cards"]), sorted(model.facts["cards"])))
    for name, card in facts["cards"].items():
        should = model.facts["cards"].get(name, {})
        apart += [((name, part), today(card[part], now_s), today(should.get(part), now_s)) for part in card]
    active = services.wallet.active()
    apart.append(("active", active.token_id if active is not None else None, model.active()))
    apart.append(("state", services.guard.state, model.state()))
    apart.append(("open", services.guard.unlocked(), model.open))
    return [entry for entry in apart if entry[1] != entry[2]]


def adopt(model, services):
    """After a flash that failed: whatever was lost, the watch may not be better off. Then go on with what it says."""
    facts = found(services, 10 - services.guard.tries_left())
    for name, card in facts["cards"].items():
        for half in ("pay", "gate"):
            repeated = [atc for atc in card[half]["free"] if (name, atc) in model.used]
            if repeated:
                raise Failed("keys %r are free again" % repeated)
            card[half]["reserved"] = []
    paid = [entry[:2] for entry in facts["history"]]
    if len(set(paid)) != len(paid) or not (model.used | model.unshown).issuperset(paid):
        raise Failed("the history holds what was not paid: %r" % paid)
    if facts["lost"] not in [stage["lost"] for stage in model.trail]:
        raise Failed("lost mode has changed by itself")
    kept = [stage["kept"] for stage in model.trail if stage["kept"] is not None]
    facts["kept"] = kept[-1] if facts["kept"] else None
    model.boot(facts)
