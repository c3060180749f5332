"""Card profiles: which kind of application a token feeds, and the number ranges that go with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTACTLESS, CONTACT = "07", "05"
"""First digits of field 22: chip read contactless, or by contact (ISO 8583:1987 amendment, EMV)."""


@dataclass(frozen=True)
class Profile:
    """What a watch must be told to play the right application. Each has its own issuer master key."""

    name: str
    """As in docs/formats.md, `tapwatch/token-package` key 3."""
    fpan_prefix: str
    """Leading digits of the numbers behind the tokens. Test ranges only."""
    dpan_prefix: str
    """Leading digits of token numbers. Test ranges only."""
    channels: tuple[str, ...] = (CONTACTLESS,)
    """How its tokens may be read."""
    answers_card: bool = False
    """True if the card wants the bank's answer signed (tag 91)."""


VISA = Profile("visa", "47617390", "47617300")
MASTERCARD = Profile("mastercard", "54133390", "54133300")
# Numbers that begin with 9999 belong to nobody: 9 is for national use, 999 is no country (ISO/IEC 7812-1 section 4.2).
CLOSED_LOOP = Profile("closed-loop", "99990190", "99990100")
CONTACT_TEST = Profile("contact-test", "99990290", "99990200", (CONTACT, CONTACTLESS), answers_card=True)
PROFILES: Mapping[str, Profile] = {profile.name: profile for profile in (VISA, MASTERCARD, CLOSED_LOOP, CONTACT_TEST)}
