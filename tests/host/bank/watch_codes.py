"""Runs inside unix MicroPython: the watch's own code shows codes of both kinds. Started by test_codes_against_watch.py.

Reads lines of hex: package, receipt private key, token service public key, device id, time. Prints the 18 digits of
each code number at that time, then the text of an EMV QR code for each key.
"""

import sys

from watch.crypto import cbor, cose, hpke
from watch.payment import cryptogram, package, presented, remote
from watch.payment.armed import SingleKey
from watch.payment.codes import make_code
from watch.payment.profiles import BY_NAME
from watch.payment.token_data import objects

envelope, private, service, device, time = [bytes.fromhex(line.strip()) for line in sys.stdin]

signed = cose.parse(envelope)
signed.verify(service)
enc, ciphertext = cbor.decode(signed.payload)
info = cbor.encode(["tapwatch token package", 1, device, signed.key_id])
content = package.Package(cbor.decode(hpke.open(enc, private, info, signed.protected, ciphertext)))

codes = content.codes
minute = int.from_bytes(time, "big") // 60
for number in range(codes[package.CODES_COUNT]):
    print(make_code(codes[package.CODES_PREFIX], codes[package.CODES_SEED], number, minute))

token = content.token
profile = BY_NAME[token.profile]
applications = [((0x4F, name.aid), (0x50, name.label)) for name in profile.names]
for entry in content.keys:
    unpredictable = b"wath"
    made = cryptogram.Cryptogram(token.cvn, token.dki, profile.aip_cdcvm, True)
    made.begin(cryptogram.ARQC)
    made.set_terminal(bytearray(remote.terminal_data(unpredictable)), 0)
    result = bytearray(cryptogram.CRYPTOGRAM_BYTES)
    made.make(SingleKey(entry[0], bytearray(entry[1]), *entry[2:]), result)
    tags = {
        0x9F26: bytes(result),
        0x9F27: b"\x80",
        0x9F10: bytes(made.issuer_data),
        0x9F36: entry[0].to_bytes(2, "big"),
        0x9F37: unpredictable,
        0x82: profile.aip_cdcvm,
    }
    common = objects(profile, token, (0x57, 0x5F34, 0x9F19, 0x9F24, 0x9F25))
    print(presented.payload(applications, common, list(tags.items())))
