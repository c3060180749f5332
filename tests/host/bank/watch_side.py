"""Runs inside unix MicroPython: the watch's own code opens a package and signs taps. Started by test_against_watch.py.

Reads lines of hex: package, receipt private key, token service public key, device id, the terminal's 29 bytes, AIP.
Prints for each key ATC, 9F10 and cryptogram. The wearer is verified for every other key of the armed card and for no
express key. A seventh line is tag 91 of the bank's answer to the first of them: prints whether the card believes it.
"""

import sys

from watch.crypto import cbor, cose, hpke
from watch.payment import cryptogram
from watch.payment.armed import SingleKey
from watch.payment.package import Package

package, private, service, device, terminal, aip, *answer = [bytes.fromhex(line.strip()) for line in sys.stdin]

envelope = cose.parse(package)
envelope.verify(service)
enc, ciphertext = cbor.decode(envelope.payload)
info = cbor.encode(["tapwatch token package", 1, device, envelope.key_id])
content = Package(cbor.decode(hpke.open(enc, private, info, envelope.protected, ciphertext)))


def sign(entry, verified):
    """Print a tap with one key; returns key and cryptogram."""
    made = cryptogram.Cryptogram(content.token.cvn, content.token.dki, aip, verified)
    made.begin(cryptogram.ARQC)
    made.set_terminal(terminal, 0)
    key = SingleKey(entry[0], bytearray(entry[1]), *entry[2:])
    result = bytearray(cryptogram.CRYPTOGRAM_BYTES)
    made.make(key, result)
    print(key.atc, made.issuer_data.hex(), result.hex())
    return key, result


taps = [sign(entry, place % 2 == 0) for place, entry in enumerate(content.keys)]
for entry in content.express_keys:
    sign(entry, False)
if answer:
    print(cryptogram.answered_by_issuer(taps[0][0], taps[0][1], answer[0], 0))
