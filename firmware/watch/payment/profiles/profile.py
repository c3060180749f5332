"""The form of a card profile: everything about a scheme that is not code."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Dict, Sequence, Tuple, Union

    from watch.payment.tlv import Dol
    from watch.payment.token import Token

    Value = Union[bytes, Callable[[Token], bytes]]
    Record = Tuple[int, int, Sequence[int]]

# Flows: which command returns the cryptogram.
OPTIONS = "options"
"""GET PROCESSING OPTIONS, as kernel 3 wants it (`watch.payment.kernel3`)."""
GENERATE = "generate"
"""GENERATE AC, as kernel 2 and contact terminals want it (`watch.payment.kernel2`)."""

# Directories that may list a profile.
PPSE = "2PAY.SYS.DDF01"
"""Contactless, EMV Contactless Book B section 3.3."""
PSE = "1PAY.SYS.DDF01"
"""Contact, EMV Book 1 section 12.2."""

USAGE = b"\xff\x80"
"""9F07: valid at home and abroad for cash, goods and services, at ATMs and elsewhere, no cashback."""
APPLICATION_VERSION = b"\x00\x02"
"""9F08."""
TAG_ATC = const(0x9F36)
TAG_LAST_ONLINE_ATC = const(0x9F13)
TAG_PIN_TRIES = const(0x9F17)


class Name:
    """One AID under which a terminal finds a profile."""

    def __init__(self, aid: bytes, label: bytes, kernel: int = 0) -> None:
        """`aid` 5 to 16 bytes, `label` at most 16; `kernel` as in EMV Contactless Book B table 3-6, 0 for contact."""
        self.aid = aid
        self.label = label
        self.kernel = kernel


class Profile:
    """One scheme, as data."""

    def __init__(
        self,
        name: str,
        names: "Sequence[Name]",
        flow: str,
        cvns: "Sequence[int]",
        aip: bytes,
        records: "Sequence[Record]",
        values: "Dict[int, Value]",
        aip_cdcvm: bytes = b"",
        pdol: "Dol" = (),
        pdol_optional: bool = False,
        cdol1: "Dol" = (),
        cdol2: "Dol" = (),
        options: "Sequence[int]" = (),
        data: "Sequence[int]" = (TAG_ATC,),
        currency_optional: bool = False,
        directory: str = PPSE,
        pin: bytes = b"",
        express: bool = False,
        test_only: bool = False,
    ) -> None:
        """`pdol` of flow OPTIONS and `cdol1` of flow GENERATE hold the tags of CRYPTOGRAM_DOL in one row."""
        self.name = name
        """As in docs/formats.md "tapwatch/token-package"."""
        self.names = names
        """In order of priority: the main AID, then aliases."""
        self.flow = flow
        self.cvns = cvns
        """Cryptogram versions that its tokens may have (`watch.payment.versions`)."""
        self.aip = aip
        """82 while the wearer was not verified on the watch."""
        self.aip_cdcvm = aip_cdcvm or aip
        """82 while CDCVM may be claimed."""
        self.records = records
        """(SFI, record number, tags)."""
        self.values = values
        """Values of tags that are not as in `watch.payment.token_data`: bytes, or a function of the token."""
        self.pdol = pdol
        self.pdol_optional = pdol_optional
        """True if GET PROCESSING OPTIONS is also answered without the data that the list asks for."""
        self.cdol1 = cdol1
        self.cdol2 = cdol2
        self.options = options
        """Tags in the answer to GET PROCESSING OPTIONS beside those that the flow itself puts there."""
        self.data = data
        """Tags that GET DATA answers: of the three named above."""
        self.currency_optional = currency_optional
        """True if a terminal that names no currency (000) means that of the card."""
        self.directory = directory
        self.pin = pin
        """Digits that VERIFY takes; empty if there is no VERIFY."""
        self.express = express
        """True if it may pay without the watch being armed, within a batch of its own."""
        self.test_only = test_only
        """True if only watches that hold nothing but test cards may have it."""
