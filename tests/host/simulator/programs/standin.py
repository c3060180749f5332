"""A small program in the place of the firmware: it uses every device of the board, so that tests can look at them.

It runs inside MicroPython. The screen has one target, `centre`; each touch draws a white square where it was.
"""

import array
import asyncio
import struct

HEARS_BYTES = 48_000
"""With the option `hears` a press lets it listen for 1.5 s; then that is what it has understood."""


def start(board, options):
    """What `watch.system.start` does, for this program."""
    return Standin(board, options)


class Standin:
    """Keeps a record of what the devices said."""

    card = None
    phone = None

    def __init__(self, board, options):
        self.board = board
        self.options = options
        self.touches = []
        self.presses = []
        self.flags = []
        board.touch.listen(self._read_touch)
        board.buttons.listen(self._read_buttons)
        board.power.listen(lambda: self.flags.append("power"))
        if board.motion is not None:
            board.motion.listen(lambda: self.flags.append("motion"))
        board.usb.listen(self._read_usb)
        board.display.brightness(200)
        board.display.write(0, 0, 40, 20, memoryview(b"\xf8\x00" * 800))
        self._usb = bytearray()
        self._listening = asyncio.Event()
        self._heard = bytearray()
        self.latest = ""
        self.note = board.watchdog.note()
        if options.get("stuck") and not self.note:
            self._hang(b"at-start")

    async def run(self):
        """Nothing to do: everything happens in the callbacks."""
        if self.options.get("die"):
            raise RuntimeError("asked to die")
        part = memoryview(array.array("h", bytes(2 * 320)))
        while True:
            await self._listening.wait()
            await asyncio.sleep_ms(20)
            count = 1
            while count and self._listening.is_set():
                count = self.board.microphone.read(part)
                self._heard += bytes(part[:count])
            if self.options.get("hears") and len(self._heard) > HEARS_BYTES:
                self.latest = self.options["hears"]
                self._listening.clear()
                self.board.microphone.stop()

    def describe(self):
        """What the tests look at."""
        board = self.board
        return {
            "screen": "standin",
            "targets": [["centre", 100, 100, 40, 20]],
            "turned": self.options.get("turned", False),
            "touches": self.touches,
            "presses": self.presses,
            "flags": self.flags,
            "percent": board.power.percent(),
            "charging": board.power.charging(),
            "moving": board.motion is not None and board.motion.moving(),
            "raised": board.motion is not None and board.motion.raised(),
            "steps": board.motion.steps() if board.motion is not None else 0,
            "ticks_ms": board.clock.ticks_ms(),
            "ticks_us": board.clock.ticks_us(),
            "unix_s": board.clock.unix_s(),
            "entropy": board.entropy.running(),
            "options": self.options,
            "voice": {"listening": self._listening.is_set(), "latest": self.latest},
        }

    def _read_touch(self):
        point = [0, 0, 0]
        while self.board.touch.read(point):
            self.touches.append(point[:])
            if point[0]:
                x = min(point[1] // 8 * 8, self.board.display.width - 10)
                y = min(point[2] // 8 * 8, self.board.display.height - 10)
                self.board.display.write(x, y, 8, 8, memoryview(b"\xff\xff" * 64))

    def _read_buttons(self):
        held = self.board.buttons.read()
        while held >= 0:
            self.presses.append(held)
            if held and self.options.get("hears"):
                self.latest = ""
                self._listen()
            held = self.board.buttons.read()

    def _read_usb(self):
        """Commands of two letters, each framed as 16-bit length and body; the answer is framed alike."""
        piece = bytearray(64)
        count = self.board.usb.read(piece)
        while count:
            self._usb += piece[:count]
            count = self.board.usb.read(piece)
        while len(self._usb) >= 2:
            (length,) = struct.unpack(">H", self._usb)
            if len(self._usb) < 2 + length:
                return
            body = bytes(self._usb[2 : 2 + length])
            self._usb = self._usb[2 + length :]
            answer = self._command(body[:2], body[2:])
            self.board.usb.write(struct.pack(">H", len(answer)) + answer)

    def _command(self, name, body):
        board = self.board
        if name == b"rd":
            address, length = struct.unpack(">II", body)
            into = bytearray(length)
            board.flash.read(address, into)
            return bytes(into)
        if name == b"pr":
            (address,) = struct.unpack(">I", body)
            return self._tried(lambda: board.flash.program(address, body[4:]))
        if name == b"er":
            (address,) = struct.unpack(">I", body)
            return self._tried(lambda: board.flash.erase(address))
        if name == b"hm":
            return board.secret.hmac(body)
        if name == b"en":
            into = bytearray(16)
            return self._tried(lambda: board.entropy.read(into)) + bytes(into)
        if name == b"ck":
            board.clock.set_unix_s(struct.unpack(">I", body)[0])
            return b"ok"
        if name == b"hp":
            board.haptics.play(body[0])
            return b"ok"
        if name == b"tn":
            board.speaker.tone(*struct.unpack(">HHB", body))
            return b"ok"
        if name == b"mi":  # listen
            return self._tried(self._listen)
        if name == b"mo":  # do not listen any more; whether the line was stuck, parts lost, bytes heard
            self._listening.clear()
            board.microphone.stop()
            return struct.pack(">BHI", board.microphone.stuck, board.microphone.lost, len(self._heard))
        if name == b"mh":  # what was heard, from there on
            (start,) = struct.unpack(">I", body)
            return self._heard[start : start + 60_000]
        if name == b"dw":
            return self._tried(lambda: board.display.write(*struct.unpack(">hhhh", body), memoryview(bytes(64))))
        if name == b"pt":
            print(body.decode())
            return b"ok"
        if name == b"sl":
            board.display.sleep(body[0])
            return b"ok"
        if name == b"wb":
            board.watchdog.begin(body, 300)
            return b"ok"
        if name == b"we":
            board.watchdog.end()
            return b"ok"
        if name == b"wn":
            return self.note
        if name == b"ha":
            return self._hang(body)
        if name == b"rw":
            board.usb._link._stream.write(body)  # whatever the test wants to see on the host link
            return b"ok"
        raise ValueError("unknown command")

    def _listen(self):
        self._heard = bytearray()
        self.board.microphone.start()
        self._listening.set()

    def _hang(self, note):
        self.board.watchdog.begin(note, 300)
        return b"%d" % sum(range(10**12))  # hours, in one C function

    def _tried(self, access):
        try:
            access()
        except OSError as problem:
            return b"E%d" % problem.errno
        except ValueError:
            return b"VE"
        return b"ok"
