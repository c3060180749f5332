"""Runs inside unix MicroPython: the watch's own code opens a package and signs a tap. Started by test_against_watch.py.

Reads lines of hex: package, receipt private key, token service public key, device id, the terminal's 29 bytes, AIP.
Prints the ATC of the first key, 9F10 and the cryptogram.
"""

import sys

from watch.crypto import cbor, cose, hpke
from watch.payment import cryptogram
from watch.payment.armed import SingleKey
from watch.payment.package import Package

package, private, service, device, terminal, aip = [bytes.fromhex(line.strip()) for line in sys.stdin]

envelope = cose.parse(package)
envelope.verify(service)
enc, ciphertext = cbor.decode(envelope.payload)
info = cbor.encode(["tapwatch token package", 1, device, envelope.key_id])
content = Package(cbor.decode(hpke.open(enc, private, info, envelope.protected, ciphertext)))

token = content.token
atc, key = content.keys[0][:2]
index = content.keys[0][2] if len(content.keys[0]) > 2 else b""
made = cryptogram.Cryptogram(token.cvn, token.dki, aip, True)
made.set_terminal(terminal, 0)
result = bytearray(cryptogram.CRYPTOGRAM_BYTES)
made.make(SingleKey(atc, bytearray(key), index), result)
print(atc, made.issuer_data.hex(), result.hex())
