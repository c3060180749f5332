"""What a card told: a store of data objects that refuses repeats and impossible formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.terminal.emv import tags, tlv
from tapwatch.terminal.outcome import CardProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class CardData:
    """Data objects of the selected application, each at most once (Book C-2 section 4.1, EMV Book 3 section 10.2)."""

    def __init__(self) -> None:
        self._values: dict[str, bytes] = {}

    def __getitem__(self, tag: str) -> bytes:
        """The value of a tag. Raises CardProblem if the card did not send it."""
        if tag not in self._values:
            raise CardProblem(f"{tag} {tags.name(tag)} is missing")
        return self._values[tag]

    def get(self, tag: str, default: bytes = b"") -> bytes:
        """The value of a tag, or `default`."""
        return self._values.get(tag, default)

    def __contains__(self, tag: str) -> bool:
        """True if the card sent a tag."""
        return tag in self._values

    def values(self) -> Mapping[str, bytes]:
        """Everything the card sent."""
        return dict(self._values)

    def require(self, *wanted: str) -> None:
        """Raise CardProblem if one of the tags is missing."""
        for tag in wanted:
            self[tag]

    def add_template(self, data: bytes, template: str) -> None:
        """Store what is in an answer that must be exactly one template. Raises CardProblem."""
        nodes = read(data)
        if [node.tag for node in nodes] != [template]:
            got = ", ".join(node.tag for node in nodes) or "nothing"
            raise CardProblem(f"{template} {tags.name(template)} expected, got {got}")
        self.add(nodes[0].children)

    def add(self, nodes: Iterable[tlv.Tlv]) -> None:
        """Store the primitive objects among and inside `nodes`. Raises CardProblem."""
        for node in nodes:
            for item in node.walk():
                if not item.constructed:
                    self.put(item.tag, item.value)

    def put(self, tag: str, value: bytes) -> None:
        """Store one object. Raises CardProblem for a repeat or a value that its format does not allow."""
        if tag in self._values:
            raise CardProblem(f"{tag} {tags.name(tag)} came twice")
        check_format(tag, value)
        self._values[tag] = value


def read(data: bytes) -> tuple[tlv.Tlv, ...]:
    """Parse what a card sent. Raises CardProblem."""
    try:
        return tlv.parse(data)
    except tlv.TlvProblem as error:
        raise CardProblem(f"the answer is no BER-TLV: {error}") from None


def check_format(tag: str, value: bytes) -> None:
    """Raise CardProblem if a value has a length or characters that its tag does not allow."""
    info = tags.info(tag)
    if not info.shortest <= len(value) <= info.longest:
        wanted = str(info.shortest) if info.shortest == info.longest else f"{info.shortest} to {info.longest}"
        raise CardProblem(f"{tag} {info.name} has {len(value)} bytes instead of {wanted}")
    if info.kind == tags.NUMERIC and not value.hex().isdigit():
        raise CardProblem(f"{tag} {info.name} has digits above 9")
    if info.kind == tags.COMPRESSED and not value.hex().rstrip("f").isdigit():
        raise CardProblem(f"{tag} {info.name} has digits above 9")
    if info.kind == tags.TEXT and any(byte < 0x20 or byte == 0x7F for byte in value):
        raise CardProblem(f"{tag} {info.name} has control characters")
