"""A whole contact transaction typed into the shell, with the bank's proof; runs inside a box, see test_apdu_shell.py.

Its argument is the issuer master key of the contact card, in hex.
"""

import sys

from tapwatch.terminal.readers.choose import open_reader
from tapwatch.terminal.shell.session import CardSession
from tapwatch.terminal.shell.shell import Shell
from tests.interop.nfc import issuer

LINES = ("select F0544150574154434802", "gpo", "records", "verify 1234", "expect 9000", "ac1", "expect 9F27 = 80")


def main() -> None:
    """Type, compute, type."""
    session = CardSession(open_reader("pcsc"), print, 10.0)
    shell = Shell(session)
    for line in LINES:
        shell.run(line)
    tags = {**session.terminal.all(), **session.card}
    proof = issuer.proof("contact-test", tags, b"00", bytes.fromhex(sys.argv[1]))
    for line in (f"set 91 {proof.hex()}", "ac2 tc", "expect 9F27 = 40"):
        shell.run(line)
    session.leave()


if __name__ == "__main__":
    main()
