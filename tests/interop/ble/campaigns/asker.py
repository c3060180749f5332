"""Asks a watch for everything that the Attribute Protocol can ask for, and judges the answers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bumble import att
from bumble.core import UUID
from bumble.device import Peer

from tests.interop.ble.campaigns.yard import GONE

if TYPE_CHECKING:
    from bumble.device import Connection

_ANSWER_S = 0.5
"""A question that the watch does not answer within this time is left unanswered."""
_LAST = 0xFFFF
STRUCTURE = {0x2800, 0x2801, 0x2802, 0x2803}
"""Declarations of services and characteristics: which services a watch has is no secret."""
NAME, APPEARANCE, CCCD = 0x2A00, 0x2A01, 0x2902
FEATURES = 0x2B29
OF_THE_STACK = {0x2A05, 0x2B2A, FEATURES}
"""Service changed, database hash, and what the asker itself can; Core 5.4 vol. 3 part G section 7."""
PUBLIC = STRUCTURE | OF_THE_STACK | {NAME, APPEARANCE, CCCD}
"""A device's name and appearance, Core 5.4 vol. 3 part C section 12; what the asker itself has subscribed to."""
OWN = {CCCD, FEATURES}
"""What everybody may write, as it is kept for each device by itself."""
_SIGNATURE_BYTES = 12


@dataclass(frozen=True)
class Attribute:
    """One attribute that exists."""

    handle: int
    type: UUID

    @property
    def short(self) -> str:
        """The first four bytes of the long form of its type."""
        return self.type.to_bytes(force_128=True)[::-1].hex()[:8]

    def is_one_of(self, numbers: set[int]) -> bool:
        """True if its type is one of these 16-bit numbers."""
        return any(self.type == UUID.from_16_bits(number) for number in numbers)


@dataclass(frozen=True)
class Answer:
    """What came back to one question; `pdu` is None if nothing did."""

    attribute: Attribute
    question: str
    pdu: att.ATT_PDU | None
    prepared: bool = False
    """Something waits to be executed."""

    @property
    def error(self) -> int | None:
        """The error code, None if it is none."""
        return int(self.pdu.error_code) if isinstance(self.pdu, att.ATT_Error_Response) else None


class Asker:
    """One connected device."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.client = Peer(connection).gatt_client

    async def ask(self, request: att.ATT_PDU) -> att.ATT_PDU | None:
        """One request; None if there is no answer."""
        try:
            return await asyncio.wait_for(self.client.send_request(request), _ANSWER_S)
        except GONE:
            return None

    async def attributes(self) -> list[Attribute]:
        """Everything in the database."""
        found: list[Attribute] = []
        at = 1
        while True:
            answer = await self.ask(att.ATT_Find_Information_Request(starting_handle=at, ending_handle=_LAST))
            if not isinstance(answer, att.ATT_Find_Information_Response):
                return found
            found += [Attribute(handle, UUID.from_bytes(data)) for handle, data in answer.information]
            at = found[-1].handle + 1

    async def attempt(self, one: Attribute) -> list[Answer]:
        """Every question about one attribute, and every way to write it."""
        found: list[Answer] = []
        for name, request in questions(one):
            pdu = await self.ask(request)
            prepared = bool(found) and isinstance(found[-1].pdu, att.ATT_Prepare_Write_Response)
            found.append(Answer(one, name, pdu, prepared))
        return found

    async def ask_without_waiting(self, one: Attribute) -> None:
        """Commands, which have no answers, and reads of many, which Bumble's server leaves unanswered for an error."""
        value = b"\1\0"
        await self.client.send_command(att.ATT_Write_Command(attribute_handle=one.handle, attribute_value=value))
        signed = value + bytes(_SIGNATURE_BYTES)
        await self.client.send_command(
            att.ATT_Signed_Write_Command(attribute_handle=one.handle, attribute_value=signed)
        )
        many = [one.handle, one.handle]
        await self.client.send_command(att.ATT_Read_Multiple_Request(set_of_handles=many))
        await self.client.send_command(att.ATT_Read_Multiple_Variable_Request(set_of_handles=many))


def questions(one: Attribute) -> list[tuple[str, att.ATT_PDU]]:
    """Requests about one attribute."""
    handle, value = one.handle, b"\1\0"
    return [
        ("read", att.ATT_Read_Request(attribute_handle=handle)),
        ("read blob", att.ATT_Read_Blob_Request(attribute_handle=handle, value_offset=0)),
        ("read blob behind", att.ATT_Read_Blob_Request(attribute_handle=handle, value_offset=1)),
        ("read by type", att.ATT_Read_By_Type_Request(handle, handle, one.type)),
        ("write", att.ATT_Write_Request(attribute_handle=handle, attribute_value=value)),
        ("prepare", att.ATT_Prepare_Write_Request(handle, 0, value)),
        ("execute", att.ATT_Execute_Write_Request(1)),
    ]


def problems(answers: list[Answer], name: str) -> list[str]:
    """What a stranger was told or allowed that is not public. `name` is what the watch advertises."""
    return [f"{one.question} of {one.attribute}: {one.pdu}" for one in answers if not _harmless(one, name)]


def _harmless(one: Answer, name: str) -> bool:
    if one.pdu is None or one.error is not None:
        return True
    if one.question == "prepare":
        return True  # Bumble's server echoes what was written, and looks at the level when it executes
    if one.question == "execute" and isinstance(one.pdu, att.ATT_Execute_Write_Response):
        return not one.prepared or one.attribute.is_one_of(OWN)
    if one.question == "write":
        return one.attribute.is_one_of(OWN)
    if one.attribute.is_one_of({NAME}) and one.question == "read":
        return bytes(one.pdu.attribute_value) == name.encode()  # type: ignore[attr-defined]
    return one.attribute.is_one_of(PUBLIC)
