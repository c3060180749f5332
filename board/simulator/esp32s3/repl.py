"""The REPL that the port opens behind a `main.py` that returned, as far as `mpremote` uses it.

Written from MicroPython's page "The REPL", "Raw mode" and "Raw-paste mode". Raw-paste mode is answered with "not here",
as ports may. The friendly REPL knows whole lines only: no editing, no continued lines. Output is not made CR LF.
"""

import sys

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

_CTRL_A, _CTRL_B, _CTRL_C, _CTRL_D, _CTRL_E = const(1), const(2), const(3), const(4), const(5)
_RETURN, _SPACE = const(13), const(32)
_RAW = b"raw REPL; CTRL-B to exit\r\n>"
_FRIENDLY = b"MicroPython on virtual hardware\r\n>>> "
_NO_RAW_PASTE = b"R\x00"


class Repl:
    """One console. `serve` ends only when the line does."""

    def __init__(self, names: "dict[str, Any]", source: "Any", sink: "Any") -> None:
        """`names`: the globals of `main.py`. `source` and `sink` are binary streams."""
        self._names = names
        self._source = source
        self._sink = sink
        self._raw = False
        self._line = bytearray()

    def serve(self) -> None:
        """Answer until nothing more comes, or the processor starts anew (`Restart`)."""
        self._sink.write(_FRIENDLY)
        while True:
            byte = self._source.read(1)
            if not byte:
                return
            if self._raw:
                self._raw_byte(byte[0])
            else:
                self._friendly_byte(byte[0])

    def _raw_byte(self, byte: int) -> None:
        if byte == _CTRL_A:
            self._enter_raw()
        elif byte == _CTRL_B:
            self._enter_friendly()
        elif byte == _CTRL_C:
            self._line = bytearray()
        elif byte == _CTRL_D:
            self._run_raw()
        elif byte == _CTRL_E and not self._line:
            self._source.read(2)  # `A` and 01h
            self._sink.write(_NO_RAW_PASTE)
        else:
            self._line.append(byte)

    def _enter_raw(self) -> None:
        self._raw, self._line = True, bytearray()
        self._sink.write(_RAW)

    def _enter_friendly(self) -> None:
        self._raw, self._line = False, bytearray()
        self._sink.write(b"\r\n" + _FRIENDLY)

    def _run_raw(self) -> None:
        source, self._line = bytes(self._line), bytearray()
        self._sink.write(b"OK")
        error = self._attempt(source, "exec")
        self._sink.write(b"\x04")
        if error is not None:
            sys.print_exception(error)  # type: ignore[attr-defined] # MicroPython's
        self._sink.write(b"\x04>")

    def _friendly_byte(self, byte: int) -> None:
        if byte == _CTRL_A:
            self._enter_raw()
        elif byte == _RETURN:
            source, self._line = bytes(self._line), bytearray()
            self._sink.write(b"\r\n")
            error = self._attempt(source, "single") if source else None
            if error is not None:
                sys.print_exception(error)  # type: ignore[attr-defined] # MicroPython's
            self._sink.write(b">>> ")
        elif byte >= _SPACE:
            self._line.append(byte)
            self._sink.write(bytes((byte,)))

    def _attempt(self, source: bytes, kind: str) -> "Exception | KeyboardInterrupt | None":
        """Run it; what it raised, but for what starts the processor anew."""
        try:
            exec(compile(source, "<stdin>", kind), self._names)  # noqa: S102 # as the port does
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001
            return error  # the console prints whatever a line of its user raises
        return None
