"""Watches whose cards have payment codes."""

from support.issuer import payment_codes
from support.world import TOKEN, World

from watch.payment.codes import CodeBook, PaymentCodes


def codes_of(world):
    """The service over a world's flash."""
    services = world.services
    book = CodeBook(services.journal, services.sealed, services.random)
    return PaymentCodes(book, services.vault, services.guard, services.clock)


def install(world, token_id=TOKEN, **changes):
    """Give a card codes, as the installation of a package does."""
    services = world.services
    book = CodeBook(services.journal, services.sealed, services.random)
    with services.guard.vault_key() as vault_key:
        offered = payment_codes(**changes)
        services.journal.commit(book.install_changes(services.vault.find(token_id)[0], offered, vault_key))
    return world


def ready(**changes):
    """A worn watch with a card that has payment codes."""
    return install(World().provision().set_passcode().add_card(), **changes)
