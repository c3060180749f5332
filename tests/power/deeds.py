"""What a wearer, a bank and a thief do to a watch: (name, the watch before, preparation, deed)."""

import asyncio

from support.issuer import payment_codes
from support.world import OTHER_TOKEN, PASSCODE, TOKEN, refused

from board.counting.board import BUILT_S
from tests.power.service_campaign import PASSCODES, fresh
from watch.kernel.errors import PasscodeError


def _nothing(world):
    return None


def spend(card, amount=1234):
    """What the EMV card does when it answers a tap."""
    key = card.take()
    key.outcome.result, key.outcome.amount, key.outcome.currency = "sent", amount, card.token.currency
    key.outcome.atc, key.outcome.time_s = key.atc, 1_795_400_050
    card.spending.add(amount, card.cdcvm)
    return key


def _provision(world, ready):
    identity, issuer = world.services.identity, world.issuer
    identity.provision(issuer.root.public, issuer.certificate("device", identity.public))
    identity.trust(issuer.certificate("token-service", issuer.service.public))


def _set_passcode(world, ready):
    world.set_passcode()


def _change_passcode(world, ready):
    asyncio.run(world.services.guard.change_passcode(bytearray(PASSCODE), bytearray(PASSCODES[1])))


def _unlock(world, ready):
    world.unlock()
    world.services.unlocked()


def _unlock_wrong(world, ready):
    refused(PasscodeError, world.unlock, b"000000")


def _requested(world):
    world.unlock()
    return world.package(OTHER_TOKEN)


def _install(world, package):
    world.services.issuance.receive(package)


def _keep(world):
    package = _requested(world)
    world.services.guard.lock()
    return package


def _refill(world):
    world.unlock()
    return world.package(TOKEN, batch=2, first_atc=11)


def _worn(world):
    world.unlock()


def _arm(world, ready):
    world.services.wallet.arm()


def _tapped(world):
    world.unlock()
    spend(world.services.wallet.arm()[0])


def _settle(world, ready):
    world.services.wallet.disarm()


def _two_taps_locked(world, ready):
    world.services.guard.lock()


def _notice(world):
    _tapped(world)
    world.services.wallet.disarm()
    return world.issuer.notice(world.services.identity.device_id, TOKEN, 1, number=1)


def _receive(world, notice):
    world.services.notices.receive(notice)


def _deletion(world):
    world.unlock()
    world.issuer.notice_number = 0
    return world.issuer.token_state(world.services.identity.device_id, TOKEN, "deleted")


def _word(world, state):
    return world.issuer.device_state(world.services.identity.device_id, state, "call me" if state == "lost" else "")


def _armed_and_lost(world):
    _tapped(world)
    return _word(world, "lost")


def _lost(world):
    world.services.notices.receive(_word(world, "lost"))
    return _word(world, "found")


def _wiped_from_afar(world):
    _in_express(world)
    return _word(world, "wipe")


def _choose(world, ready):
    world.services.wallet.choose(TOKEN)


def _switch_express_off(world, ready):
    world.services.express.choose(None)


def _enter_express(world, ready):
    world.services.express.enter()


def _in_express(world):
    world.services.express.enter()


def _express_tapped(world):
    _in_express(world)
    spend(world.services.express.card, 300)


def _settle_express(world, ready):
    world.services.express.settle()


def _leave_express(world, ready):
    world.services.express.leave()


def _suspension(world):
    _express_tapped(world)
    return world.issuer.token_state(world.services.identity.device_id, TOKEN, "suspended")


def _show_code(world, ready):
    world.services.codes.next_code(TOKEN)


def _full_package(world):
    world.unlock()
    return world.package(OTHER_TOKEN, profile="closed-loop", express_keys=4, codes=payment_codes())


def _set_language(world, ready):
    world.services.settings.set("language", "zh")


REGARDLESS = {"lost while armed": ("lost", "notices")}
"""A watch that cannot write down what it spent is lost all the same; the ATCs it had reserved are used up then."""


def deeds():
    """Every deed, each with a watch of its own."""
    new = fresh()
    provisioned = fresh().provision()
    worn = fresh().provision().set_passcode().add_card()
    full = fresh().provision().set_passcode()
    full.add_card(profile="closed-loop", express_keys=4, codes=payment_codes(start=BUILT_S))
    full.services.express.choose(TOKEN)
    full.services.wallet.choose(TOKEN)
    return (
        ("provision", new, _nothing, _provision),
        ("set passcode", provisioned, _nothing, _set_passcode),
        ("change passcode", worn, _nothing, _change_passcode),
        ("unlock", worn, _nothing, _unlock),
        ("wrong passcode", worn, _nothing, _unlock_wrong),
        ("install a package", worn, _requested, _install),
        ("install one with everything", worn, _full_package, _install),
        ("keep a package", worn, _keep, _install),
        ("refill", worn, _refill, _install),
        ("arm", worn, _worn, _arm),
        ("settle", worn, _tapped, _settle),
        ("lock while armed", worn, _tapped, _two_taps_locked),
        ("notice", worn, _notice, _receive),
        ("delete a card with everything", full, _deletion, _receive),
        ("choose a card", worn, _nothing, _choose),
        ("show a payment code", full, _worn, _show_code),
        ("switch express off", full, _worn, _switch_express_off),
        ("enter express", full, _nothing, _enter_express),
        ("settle an express tap", full, _express_tapped, _settle_express),
        ("leave express", full, _in_express, _leave_express),
        ("unlock after an express tap", full, _express_tapped, _unlock),
        ("suspend after an express tap", full, _suspension, _receive),
        ("lost while armed", worn, _armed_and_lost, _receive),
        ("found", worn, _lost, _receive),
        ("settings", worn, _nothing, _set_language),
        ("wipe from afar", full, _wiped_from_afar, _receive),
    )
