"""The watch's ISO-DEP behind a pipe, frame by frame: time stands still between frames, so faults cost nothing.

Runs inside MicroPython. One line in, one line out:

    {...}       JSON: put this card there; answered by `ok`
    F <hex>     one frame without CRC after SELECT; answered by the card's frame in hex, or `-` for silence
    O           the field goes; `ok`
    S           JSON: what the card has done since it was put there

A card is {"kind": "mirror", "fsci": 8, "cid": false, "slow": false} or {"kind": "payment", "profile": "visa",
"keys": [[atc, key hex], ...]}. All frames to a mirror are handled with allocation forbidden.
"""

import json
import sys

import micropython

from tests.interop.nfc.armed import arm
from watch.nfc.ats import Ats
from watch.nfc.isodep import IsoDep
from watch.nfc.ndef import NdefTag
from watch.nfc.router import Router

LONGEST = 254


class PipePort:
    """The part of a radio that comes after SELECT."""

    def __init__(self):
        self.frame = bytearray(LONGEST)
        self.length = 0
        self.sent = bytearray(LONGEST + 2)
        self.sent_length = 0
        self.halted = False

    def receive(self, frame, timeout_us):
        """The frame that came in."""
        for i in range(self.length):
            frame[i] = self.frame[i]
        return self.length

    def transmit(self, frame, length):
        """Keep the answer."""
        for i in range(length):
            self.sent[i] = frame[i]
        self.sent_length = length

    def halt(self):
        """Hear nothing before the next field."""
        self.halted = True


class Mirror:
    """Answers every command with bytes that depend on all of it; allocates nothing."""

    def __init__(self):
        self.executed = 0
        self.selected = 0
        self.released = 0

    def select(self):
        """Count it."""
        self.selected += 1

    def deselect(self):
        """Count it."""
        self.released += 1

    def apdu(self, request, length, reply):
        """0 to 256 bytes and 9000."""
        self.executed += 1
        total = 0
        for i in range(length):
            total = total * 5 + request[i] & 0xFFFF
        size = total % 257
        for i in range(size):
            reply[i] = request[i % length] + total + i & 0xFF
        reply[size] = 0x90
        reply[size + 1] = 0
        return size + 2

    def report(self):
        """Counts."""
        return {"executed": self.executed, "selected": self.selected, "released": self.released}


def slow(request, length):
    """Every second command asks for time: 1 to 59 waiting times."""
    return 1 + request[0] % 59 if request[length - 1] & 1 else 0


class Payment(Router):
    """An armed card of one scheme, beside the tag."""

    def __init__(self, profile, keys):
        card, cards = arm({profile: keys})
        self.armed = cards[profile]
        super().__init__(card.applications + (NdefTag(lambda: b"\xd0\x00\x00"),))

    def report(self):
        """Keys used and money counted."""
        used = [key.atc for key in self.armed.keys if key.used]
        complete = [key.atc for key in self.armed.keys if key.outcome.complete]
        return {"used": used, "complete": complete, "today": self.armed.spending.today}


class Bench:
    """One card at one port."""

    def __init__(self, config):
        self.port = PipePort()
        self.locked = config["kind"] == "mirror"
        if self.locked:
            self.card = Mirror()
            ats = Ats(config.get("fsci", 8), cid=config.get("cid", False))
            self.target = IsoDep(self.port, self.card, slow if config.get("slow") else None, ats)
        else:
            self.card = Payment(config["profile"], config["keys"])
            self.target = IsoDep(self.port, self.card)

    def frame(self, data):
        """The answer to one frame, None for silence."""
        port = self.port
        if port.halted or not 0 < len(data) <= LONGEST:  # a port drops over-long frames
            return None
        port.frame[: len(data)] = data
        port.length = len(data)
        port.sent_length = 0
        self.handle()
        return bytes(port.sent[: port.sent_length]) or None

    def handle(self):
        """Let the target answer."""
        target = self.target
        if self.locked:
            micropython.heap_lock()
        try:
            target.handle(target.receive(target.frame, 0))
        finally:
            if self.locked:
                micropython.heap_unlock()

    def field_off(self):
        """The field goes: `ports.Nfc` says -1, and the session tells the target."""
        self.port.length = -1
        self.target.receive(self.target.frame, 0)
        self.port.halted = False
        self.target.lost()


def serve():
    """Until the pipe closes."""
    bench = None
    while True:
        line = sys.stdin.readline().strip()
        if not line:
            return
        if line[0] == "{":
            bench = Bench(json.loads(line))
            print("ok")
        elif line[0] == "F":
            answer = bench.frame(bytes.fromhex(line[2:]))
            print(answer.hex() if answer else "-")
        elif line == "O":
            bench.field_off()
            print("ok")
        else:
            print(json.dumps(bench.card.report()))


serve()
