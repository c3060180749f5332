"""Bar codes of shops: a name, a text, and how it is drawn. They pay nothing, but they say who the wearer is."""

from micropython import const

from watch.kernel.errors import InputError, StateError
from watch.services import inputs
from watch.services.news import News
from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional, Protocol

    class Sealed(Protocol):
        """Records under the device key: `DeviceRecords` of watch.access."""

        def read(self, record: int) -> Optional[Any]:
            """The value of a record, or None. Raises CorruptError, StorageError."""
            ...

        def write(self, record: int, value: Any) -> None:
            """Store a value. Raises StorageError."""
            ...

    class Forget(Protocol):
        """The journal, as far as deleting goes."""

        def commit(self, changes: dict[int, Optional[bytes]]) -> None:
            """Store a change. Raises StorageError."""
            ...


CODE128, QR = "code128", "qr"
KINDS = (CODE128, QR)
NAME_BYTES = const(48)
MOST_CODE128 = const(48)
"""Characters that fit the bars of `watch.ui.code128`, printable ASCII."""
MOST_QR_BYTES = const(160)
_KINDS_OF_PHONE = {"QR_CODE": QR, "CODE_128": CODE128}
"""Names of Catima, from which Gadgetbridge has its cards, to ours."""


class LoyaltyCard:
    """One card. It stays as it is."""

    def __init__(self, name: str, kind: str, text: str) -> None:
        """Raises InputError for a name or a text that cannot be shown."""
        self.name = inputs.clean(name, NAME_BYTES)
        self.kind = kind
        self.text = text
        if not self.name:
            raise InputError("a card has a name")
        if kind == CODE128:
            fits = 0 < len(text) <= MOST_CODE128 and all(" " <= letter <= "~" for letter in text)
        elif kind == QR:
            fits = 0 < len(text) <= MOST_QR_BYTES and len(text.encode()) <= MOST_QR_BYTES
        else:
            raise InputError("a card is a Code 128 or a QR code")
        if not fits:
            raise InputError("no code can be drawn of this text")


class Loyalty(News):
    """Twenty places, numbered from 0; `places[n]` is a card or None."""

    def __init__(self, journal: "Forget", sealed: "Sealed") -> None:
        """None until `load`."""
        super().__init__()
        self._journal = journal
        self._sealed = sealed
        self.places: "list[Optional[LoyaltyCard]]" = [None] * records.LOYALTY_CARDS
        self.refused = 0
        """Records that are no cards, and cards of the phone that cannot be drawn."""

    def __len__(self) -> int:
        """How many there are."""
        return sum([card is not None for card in self.places])

    def load(self) -> None:
        """Read the records. Raises CorruptError, StorageError; a record with bad contents is counted and left out."""
        for number in range(records.LOYALTY_CARDS):
            stored = self._sealed.read(records.LOYALTY + number)
            self.places[number] = None if stored is None else self._card(stored)

    def put(self, name: str, kind: str, text: str) -> int:
        """Keep a card, in place of one with the same name; returns its number.

        Raises InputError, StateError if every place is in use, StorageError.
        """
        card = LoyaltyCard(name, kind, text)
        number = self._place_for(card.name)
        self._sealed.write(records.LOYALTY + number, [card.name, card.kind, card.text])
        self.places[number] = card
        self._changed()
        return number

    def remove(self, number: int) -> None:
        """Forget a card. An empty place stays one. Raises InputError, StorageError."""
        if not 0 <= number < records.LOYALTY_CARDS:
            raise InputError(f"there is no card {number}")
        self._journal.commit({records.LOYALTY + number: None})
        self.places[number] = None
        self._changed()

    def from_phone(self, message: "dict[str, Any]") -> None:
        """Keep those of Gadgetbridge's `cards` that the watch can draw; others are counted. A known one costs no write.

        Raises InputError, then none is kept; StateError or StorageError, then those before it are.
        """
        wanted = [_from_phone(row) for row in inputs.rows(message, "d", records.LOYALTY_CARDS)]
        for card in wanted:
            if card is None:
                self.refused += 1
            elif not self._known(card):
                self.put(card.name, card.kind, card.text)

    def clear(self) -> None:
        """Forget all of them in RAM: the flash is being erased."""
        for number in range(records.LOYALTY_CARDS):
            self.places[number] = None
        self.changes += 1

    def _card(self, stored: "Any") -> "Optional[LoyaltyCard]":
        """The card in a record, None if it is none."""
        good = isinstance(stored, list) and len(stored) == 3 and all(isinstance(part, str) for part in stored)
        try:
            if good:
                return LoyaltyCard(stored[0], stored[1], stored[2])
        except InputError:
            good = False  # the seal was right: a later version of the watch may have written it
        self.refused += 1
        return None

    def _known(self, card: LoyaltyCard) -> bool:
        for kept in self.places:
            if kept and kept.name == card.name:
                return kept.kind == card.kind and kept.text == card.text
        return False

    def _place_for(self, name: str) -> int:
        """Where a card of this name is, or an empty place. Raises StateError."""
        for number, card in enumerate(self.places):
            if card is not None and card.name == name:
                return number
        for number, card in enumerate(self.places):
            if card is None:
                return number
        raise StateError("every place for a card is in use")


def _from_phone(row: "Any") -> "Optional[LoyaltyCard]":
    """One entry of Gadgetbridge's list; None for a kind of bar code that the watch does not draw. Raises InputError."""
    if not isinstance(row, dict):
        raise InputError("a card is a map")
    form, text, name = row.get("type"), row.get("value"), row.get("name")
    if not isinstance(form, str) or not isinstance(text, str) or not isinstance(name, str):
        raise InputError("a card has a type, a value and a name")
    kind = _KINDS_OF_PHONE.get(form)
    return None if kind is None else LoyaltyCard(name, kind, text)
