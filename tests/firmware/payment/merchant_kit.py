"""Merchants' codes for tests, put together without the watch's parser."""


def crc(data):
    """CRC-16/CCITT-FALSE by long division, bit by bit."""
    register = 0xFFFF
    for byte in data:
        for bit in range(7, -1, -1):
            top = (register >> 15 ^ byte >> bit) & 1
            register = register << 1 & 0xFFFF
            if top:
                register ^= 0x1021
    return register


def closed(text):
    """A chain with its checksum."""
    text += "6304"
    return text + "%04X" % crc(text.encode())


def part(name, value):
    """One object."""
    return "%02d%02d%s" % (name, len(value), value)


def code(name="Tea House", amount="12.34", currency="156", country="CN", merchant="1002", more=""):
    """A code of a merchant of the test bank; None leaves an object out."""
    text = "000201010212" + part(26, part(0, "org.tapwatch") + part(1, merchant)) + "52045812"
    for number, value in ((53, currency), (54, amount), (58, country), (59, name), (60, "Beijing")):
        if value is not None:
            text += part(number, value)
    return closed(text + more)
