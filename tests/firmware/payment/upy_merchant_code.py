"""Merchants' codes: published examples, and everything that must be refused."""

import json

from support.world import refused

from tests.firmware.payment.merchant_kit import closed, code, crc, part
from watch.kernel.errors import InputError
from watch.payment.countries import country_number
from watch.payment.merchant_code import MerchantCode


def published():
    """Codes from specifications and other people's programs."""
    with open("tests/vectors/payment/merchant_codes.json") as file:
        return json.load(file)


def test_published_examples():
    examples = published()
    for example in examples:
        read = MerchantCode(example["text"])
        for field in ("merchant", "amount_minor", "currency", "country", "city"):
            assert getattr(read, field) == example[field], (example["source"], field)
        assert read.merchant_id == "", "none of them is of our bank"
    assert crc(b"123456789") == 0x29B1  # the check value that catalogues of CRCs give
    print("NOTE published merchant codes read:", len(examples))


def test_a_code_of_our_bank():
    read = MerchantCode(code())
    assert (read.merchant, read.amount_minor, read.currency, read.country) == ("Tea House", 1234, 156, 156)
    assert read.merchant_id == "1002" and len(read.digest) == 32
    assert MerchantCode(code(country=None)).country == 0


def test_amounts():
    cases = (
        ("1", 156, 100),
        ("1.", 156, 100),
        ("1.5", 156, 150),
        ("0.01", 156, 1),
        ("007.10", 156, 710),
        ("980", 392, 980),
        ("1.234", 414, 1234),
        ("9999999999.99", 156, 999_999_999_999),
    )
    for text, currency, minor in cases:
        assert MerchantCode(code(amount=text, currency="%03d" % currency)).amount_minor == minor, text
    for text in (
        "0",
        "0.00",
        "",
        ".5",
        "1.234",
        "1,5",
        "-1",
        "1.2.3",
        "1e5",
        "１２",
        " 1",
        "12345678901234",
        "10000000000",
    ):
        refused(InputError, MerchantCode, code(amount=text))
    refused(InputError, MerchantCode, code(amount="9.80", currency="392"))


def test_what_a_code_must_have():
    for missing in ("name", "currency"):
        refused(InputError, MerchantCode, code(**{missing: None}))
    for name in ("", "a\nb", "a\x00", "a\x7f", "\x85", "x" * 41, "付" * 14):
        refused(InputError, MerchantCode, code(name=name))
    assert MerchantCode(code(name="付" * 13)).merchant == "付" * 13
    for currency in ("000", "15", "1560", "CNY"):
        refused(InputError, MerchantCode, code(currency=currency))
    for country in ("XX", "C", "cn", "CHN", "04"):
        refused(InputError, MerchantCode, code(country=country))


def test_a_code_without_an_amount():
    assert MerchantCode(code(amount=None)).amount_minor == 0, "the wearer says how much"
    refused(InputError, MerchantCode, code(amount=""))  # it is there, and says nothing


def test_fees_are_refused_and_a_tip_is_left_to_the_wearer():
    assert MerchantCode(code(more=part(55, "01"))).amount_minor == 1234
    for amount in ("12.34", None):
        for more in ("02", "03", "04", "1", ""):
            refused(InputError, MerchantCode, code(amount=amount, more=part(55, more)))
        for number, value in ((56, "1.00"), (57, "5")):
            refused(InputError, MerchantCode, code(amount=amount, more=part(number, value)))
            refused(InputError, MerchantCode, code(amount=amount, more=part(55, "01") + part(number, value)))


def test_malformed_chains():
    good = code()
    refused(InputError, MerchantCode, good[:-1] + "G")
    refused(InputError, MerchantCode, good[:-4])
    refused(InputError, MerchantCode, good + "0")
    refused(InputError, MerchantCode, good.encode())
    refused(InputError, MerchantCode, None)
    refused(InputError, MerchantCode, "")
    refused(InputError, MerchantCode, "000201")
    refused(InputError, MerchantCode, closed("000202" + good[6:-8]))
    refused(InputError, MerchantCode, code(more="6299"))  # longer than what follows
    refused(InputError, MerchantCode, code(more="62ab"))
    refused(InputError, MerchantCode, code(more=part(59, "Other")))
    refused(InputError, MerchantCode, code(more=part(27, part(0, "org.tapwatch") + part(1, "7"))))
    refused(InputError, MerchantCode, code(more=part(51, "0")))  # a template that is no chain
    refused(InputError, MerchantCode, code(more="6304ABCD"))
    assert MerchantCode(code(more=part(25, "not a chain"))).merchant == "Tea House"


def test_length():
    filler = 512 - len(code()) - 4 * 4
    text = code(more=part(80, "x" * 99) + part(81, "x" * 99) + part(82, "x" * 99) + part(83, "x" * (filler - 297)))
    assert len(text) == 512 and MerchantCode(text).amount_minor == 1234
    text = code(more=part(80, "x" * 99) + part(81, "x" * 99) + part(82, "x" * 99) + part(83, "x" * (filler - 296)))
    refused(InputError, MerchantCode, text)


def test_every_changed_character_is_noticed():
    text = code()
    for at in range(len(text)):
        changed = text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]
        refused(InputError, MerchantCode, changed)
    print("NOTE changed characters of a merchant's code:", len(text), "accepted: 0")


def test_countries():
    assert (country_number("CN"), country_number("DE"), country_number("AF"), country_number("ZW")) == (
        156,
        276,
        4,
        716,
    )
    for letters in ("", "C", "NC0", "01", "N1", "XX", "CNA"):
        refused(InputError, country_number, letters)
