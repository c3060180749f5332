"""A reader that does not always do as the books say: the commands of one visit, and the frames that carry them."""

from tests.firmware.payment.card_kit import (
    CLOSED_LOOP_AID,
    MASTERCARD_AID,
    VISA_AID,
    fill,
    flatten,
    generate_ac,
    gpo,
    select,
    terminal_values,
)
from watch.payment.profiles.mastercard import MASTERCARD
from watch.payment.profiles.visa import VISA

AIDS = {"visa": VISA_AID, "mastercard": MASTERCARD_AID, "closed-loop": CLOSED_LOOP_AID}
OK = b"\x90\x00"
_RATS = b"\xe0\x80"
_RECORD = b"\x00\xb2\x01\x0c\x00"
_ARQC, _AAC = 0x80, 0x00


class Port:
    """`ports.Nfc`: a reader that sends the frames of `frames`, keeps the answers, and then goes away."""

    def __init__(self):
        self.frames = []
        self.answers = []

    def listen(self, callback):
        """The life calls the session itself."""

    def arm(self, uid, atqa, sak):
        """Nothing to do."""

    def disarm(self):
        """Nothing to do."""

    def halt(self):
        """Nothing to do."""

    def field(self):
        return bool(self.frames)

    def receive(self, frame, timeout_us):
        if not self.frames:
            return -1
        data = self.frames.pop(0)
        frame[: len(data)] = data
        return len(data)

    def transmit(self, frame, length):
        self.answers.append(bytes(frame[:length]))


def visit(chance, profile, amount, currency):
    """The commands of one visit to a card of this profile: dicts of `kind`, `profile`, what is asked for, `apdu`."""
    required = chance.one_in(8)
    commands = [_command("ppse", profile), _command("select", profile)]
    commands += _paying(profile, amount, currency, required, chance)
    if chance.one_in(4):
        _spoil(chance, commands, amount, currency)
    return commands


def frames(commands):
    """The same as frames, block numbers and all, after the one that activates the card."""
    return [_RATS] + [bytes((2 | place & 1,)) + command["apdu"] for place, command in enumerate(commands)]


def outcome(command, answer):
    """What the answer to GET PROCESSING OPTIONS or GENERATE AC says: ATC of its cryptogram, 0 without one."""
    if answer[-2:] != OK:
        return 0
    found = flatten(answer[:-2])
    if 0x9F26 not in found or found[0x9F27] != bytes((_ARQC,)):
        return 0
    return int.from_bytes(found[0x9F36], "big")


def _paying(profile, amount, currency, required, chance):
    if profile != "mastercard":
        values = terminal_values(amount, currency, 156, chance.hex(4), t9F66="36404000" if required else "36004000")
        data = fill(VISA.pdol, values)
        return [_asking("gpo", profile, gpo(data), amount, currency, required), _command("record", profile)]
    values = terminal_values(amount, currency, 156, chance.hex(4), t9F34="010302" if required else "1f0302")
    decline = chance.one_in(40)
    data = generate_ac(_AAC if decline else _ARQC, fill(MASTERCARD.cdol1, values))
    asking = _asking("generate", profile, data, amount, currency, required)
    asking["decline"] = decline
    return [_asking("gpo", profile, gpo(), amount, currency, required), _command("record", profile), asking]


def _spoil(chance, commands, amount, currency):
    """Something is repeated, swapped, mixed with another card's commands, or asked for once more."""
    at, other = chance.below(len(commands)), chance.below(len(commands))
    how = chance.below(5)
    if how == 0:
        commands.insert(at, commands[other])
    elif how == 1:
        commands[at], commands[other] = commands[other], commands[at]
    elif how == 2:
        profile = chance.pick(("visa", "mastercard", "closed-loop"))
        commands[at:at] = [_command("select", profile)] + _paying(profile, amount, currency, False, chance)
    elif how == 3:
        commands += commands[1:]
    else:
        profile = commands[0]["profile"]
        commands += [_command("select", profile)] + _paying(profile, 1 + amount // 2, currency, False, chance)


def _command(kind, profile):
    apdu = {"ppse": select(b"2PAY.SYS.DDF01"), "select": select(AIDS[profile]), "record": _RECORD}[kind]
    return {"kind": kind, "profile": profile, "apdu": apdu}


def _asking(kind, profile, apdu, amount, currency, required):
    asking = {"amount": amount, "currency": currency, "required": required}
    asking.update({"kind": kind, "profile": profile, "apdu": apdu})
    return asking
