"""From SELECT by name to the application that answers what follows (ISO/IEC 7816-4 section 11.3.3)."""

from micropython import const

from watch.kernel.errors import WatchError
from watch.nfc import apdu, status

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional, Protocol, Sequence

    from watch.nfc.apdu import Buffer

    class Application(Protocol):
        """What the router serves. Calls with a reply return the number of data bytes in it, or minus a status word."""

        aid: bytes

        def select(self, reply: Buffer) -> int:
            """Answer SELECT. A negative answer means that the application is not there now, and says why."""
            ...

        def apdu(self, request: Buffer, length: int, reply: Buffer) -> int:
            """Answer one well-formed short command."""
            ...

        def deselect(self) -> None:
            """Another application was selected, or the reader went away."""
            ...


_CLA_FEATURES = const(0x7F)
"""CLA bits of logical channels, secure messaging and chaining; none is supported. The top bit marks a private class."""
_P2_NEXT = const(0x02)
_P2_NO_DATA = const(0x0C)
_P2_KNOWN = (0x00, _P2_NEXT, _P2_NO_DATA)
_LEAST_AID = const(5)
"""An AID starts with a 5-byte registered id; fewer bytes name nobody."""
_MOST_AID = const(16)


class Router:
    """The card that every link serves: routes by AID, exact or by its first bytes, to a table of applications."""

    def __init__(self, applications: "Sequence[Application]") -> None:
        """`applications` in the order in which a partial name finds them."""
        self._applications = applications
        self._current: "Optional[Application]" = None

    def select(self) -> None:
        """A reader has activated the card."""
        self._leave()

    def deselect(self) -> None:
        """The reader has released the card, or its field is gone."""
        self._leave()

    def apdu(self, request: "Buffer", length: int, reply: "Buffer") -> int:
        """Answer one command in `reply` (at least 258 bytes); returns the length with SW1 SW2.

        An error of the watch's own tree becomes 6F00 here; anything else is a bug and goes up.
        """
        count = apdu.data_length(request, length)
        if count < 0:
            return apdu.put_status(reply, 0, status.WRONG_LENGTH)
        try:
            answer = self._route(request, length, count, reply)
        except WatchError:
            answer = -status.NO_PRECISE_DIAGNOSIS
        if answer < 0:
            return apdu.put_status(reply, 0, -answer)
        return apdu.put_status(reply, answer, status.OK)

    def _route(self, request: "Buffer", length: int, count: int, reply: "Buffer") -> int:
        cla = request[0]
        if cla & _CLA_FEATURES:
            return -status.UNKNOWN_CLASS
        if cla == 0 and request[1] == apdu.INS_SELECT and request[2] == apdu.SELECT_BY_NAME:
            return self._select(request, count, reply)
        if self._current is None:
            is_select = cla == 0 and request[1] == apdu.INS_SELECT
            return -(status.WRONG_P1_P2 if is_select else status.UNKNOWN_INSTRUCTION)
        return self._current.apdu(request, length, reply)

    def _select(self, request: "Buffer", count: int, reply: "Buffer") -> int:
        how = request[3]
        if how not in _P2_KNOWN:
            return -status.WRONG_P1_P2
        if not _LEAST_AID <= count <= _MOST_AID:
            return -status.FILE_NOT_FOUND
        name = bytes(request[apdu.DATA : apdu.DATA + count])
        refused = -status.FILE_NOT_FOUND
        passed = how != _P2_NEXT or self._current is None
        for application in self._applications:
            if not passed:
                passed = application is self._current
            elif application.aid.startswith(name):
                answer = self._enter(application, reply)
                if answer >= 0:
                    return 0 if how == _P2_NO_DATA else answer
                refused = answer
        return refused

    def _enter(self, application: "Application", reply: "Buffer") -> int:
        """Select one application; the one before it is left only once the new one has accepted."""
        if application is self._current:
            self._leave()
        answer = application.select(reply)
        if answer >= 0:
            self._leave()
            self._current = application
        return answer

    def _leave(self) -> None:
        current = self._current
        self._current = None
        if current is not None:
            current.deselect()
