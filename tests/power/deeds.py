"""What a wearer, a bank and a thief do to a watch: (name, the watch before, preparation, deed)."""

import asyncio

from support.world import OTHER_TOKEN, PASSCODE, TOKEN, refused

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


def _choose(world, ready):
    world.services.wallet.choose(TOKEN)


def _set_language(world, ready):
    world.services.settings.set("language", "zh")


def _wipe(world, ready):
    world.services.guard.wipe()


def deeds():
    """Every deed, each with a watch of its own."""
    new = fresh()
    provisioned = fresh().provision()
    worn = fresh().provision().set_passcode().add_card()
    return (
        ("provision", new, _nothing, _provision),
        ("set passcode", provisioned, _nothing, _set_passcode),
        ("change passcode", worn, _nothing, _change_passcode),
        ("unlock", worn, _nothing, _unlock),
        ("wrong passcode", worn, _nothing, _unlock_wrong),
        ("install a package", worn, _requested, _install),
        ("keep a package", worn, _keep, _install),
        ("refill", worn, _refill, _install),
        ("arm", worn, _worn, _arm),
        ("settle", worn, _tapped, _settle),
        ("lock while armed", worn, _tapped, _two_taps_locked),
        ("notice", worn, _notice, _receive),
        ("delete a card", worn, _deletion, _receive),
        ("choose a card", worn, _nothing, _choose),
        ("settings", worn, _nothing, _set_language),
        ("wipe", worn, _worn, _wipe),
    )
