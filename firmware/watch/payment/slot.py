"""A card in its slot: the token, the marks of its keys, what it has spent, and the records that hold all that."""

from micropython import const

from watch.payment.atc import AtcState
from watch.payment.spending import Spending
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from watch.access.records import DeviceRecords
    from watch.payment.package import Package
    from watch.payment.token import Token

ALL_RECORDS = (
    records.TOKEN,
    records.TOKEN_KEYS,
    records.TOKEN_ATC,
    records.SPENDING,
    records.REQUEST,
    records.KEPT_PACKAGE,
    records.RECEIPT,
    records.EXPRESS_KEYS,
    records.EXPRESS_ATC,
    records.EXPRESS_SPENDING,
    records.CODE_SEED,
    records.CODE_STATE,
)
"""First numbers of everything that goes when a card is deleted."""


class Slot:
    """One card. The express half counts for itself; without an express batch it has no marks."""

    def __init__(
        self,
        token: "Token",
        atc: AtcState,
        spending: Spending,
        express_atc: AtcState,
        express_spending: Spending,
    ) -> None:
        self.token = token
        self.atc = atc
        self.spending = spending
        self.express_atc = express_atc
        self.express_spending = express_spending

    @classmethod
    def filled(cls, package: "Package", before: "Slot | None") -> "Slot":
        """The slot after a package. What was spent goes on. Raises InputError if an ATC was held before."""
        held = before.held() if before else 0
        atc = AtcState.batch(held, [entry[0] for entry in package.keys])
        express_atc = AtcState.batch(held, [entry[0] for entry in package.express_keys])
        if before is None:
            return cls(package.token, atc, Spending(), express_atc, Spending())
        return cls(package.token, atc, before.spending, express_atc, before.express_spending)

    @classmethod
    def read(cls, sealed: "DeviceRecords", number: int, token: "Token") -> "Slot":
        """The slot as it is stored. Raises CorruptError."""
        return cls(
            token,
            AtcState.from_fields(sealed.read(records.TOKEN_ATC + number)),
            Spending.from_fields(sealed.read(records.SPENDING + number)),
            AtcState.from_fields(sealed.read(records.EXPRESS_ATC + number)),
            Spending.from_fields(sealed.read(records.EXPRESS_SPENDING + number)),
        )

    def held(self) -> int:
        """The highest ATC for which the watch has ever had a key of this card; 0 if none."""
        return max(self.atc.held(), self.express_atc.held())

    def counters(self, number: int) -> "dict[int, Any]":
        """Record to value: marks and spending of the keys that need an arming."""
        return {records.TOKEN_ATC + number: self.atc.fields(), records.SPENDING + number: self.spending.fields()}

    def express_counters(self, number: int) -> "dict[int, Any]":
        """Record to value: marks and spending of the express keys."""
        return {
            records.EXPRESS_ATC + number: self.express_atc.fields(),
            records.EXPRESS_SPENDING + number: self.express_spending.fields(),
        }

    def passcode_entered(self, number: int) -> "dict[int, Any]":
        """A correct passcode: limits without CDCVM start anew. Record to value of what has changed."""
        changed: "dict[int, Any]" = {}
        for first, spending in (
            (records.SPENDING, self.spending),
            (records.EXPRESS_SPENDING, self.express_spending),
        ):
            if spending.passcode_entered():
                changed[first + number] = spending.fields()
        return changed
