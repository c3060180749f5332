"""What Bumble's GATT server leaves to do: it lets everybody write declarations and the device's name."""

from __future__ import annotations

from typing import Any

from bumble import att
from bumble.gatt_server import Server

_ANSWERED = (att.Opcode.ATT_WRITE_REQUEST, att.Opcode.ATT_PREPARE_WRITE_REQUEST)
_WRITES = (*_ANSWERED, att.Opcode.ATT_WRITE_COMMAND, att.Opcode.ATT_SIGNED_WRITE_COMMAND)


def guard(server: Server) -> None:
    """Refuse writes to what nobody may write, as NimBLE's ble_att_svr_check_perms does.

    Values of the watch's services look after themselves: see attributes.py.
    """
    take = server.on_gatt_pdu

    def checked(bearer: Any, pdu: att.ATT_PDU) -> None:
        handle = getattr(pdu, "attribute_handle", 0)
        if pdu.op_code not in _WRITES or _writable(server.get_attribute(handle)):
            take(bearer, pdu)
        elif pdu.op_code in _ANSWERED:
            server.send_response(bearer, _refusal(pdu, handle))

    server.on_gatt_pdu = checked  # type: ignore[method-assign]


def _writable(attribute: att.Attribute[Any] | None) -> bool:
    """True too for what is not there: the server has an error of its own for that."""
    if attribute is None or isinstance(attribute.value, att.AttributeValue):
        return True
    return bool(attribute.permissions & att.Attribute.WRITEABLE)


def _refusal(pdu: att.ATT_PDU, handle: int) -> att.ATT_Error_Response:
    return att.ATT_Error_Response(
        request_opcode_in_error=pdu.op_code,
        attribute_handle_in_error=handle,
        error_code=att.ErrorCode.WRITE_NOT_PERMITTED,
    )
