"""The log: bounded, readable, and closed to secrets."""

import gc

from watch.kernel.clock import Clock
from watch.kernel.log import DEBUG, Log, looks_secret
from watch.kernel.virtual import VirtualTime


def make(size=8, level=1):
    return Log(Clock(VirtualTime(1_790_000_000), 1_790_000_000), size, level)


def test_entries_read_well():
    log = make()
    log.info("nfc", "field on", 3, -7)
    log.warning("storage", "sector is worn", 12)
    log.error("ble", "peer is gone")
    assert log.lines() == [
        "1790000000 info nfc: field on 3 -7",
        "1790000000 warning storage: sector is worn 12",
        "1790000000 error ble: peer is gone",
    ], log.lines()


def test_only_the_last_entries_stay():
    log = make(4)
    for number in range(10):
        log.info("a", "n", number)
    assert [line[-1] for line in log.lines()] == ["6", "7", "8", "9"]
    assert log.written == 10


def test_levels():
    log = make()
    log.debug("a", "quiet")
    assert log.lines() == []
    log = make(level=DEBUG)
    log.debug("a", "loud")
    assert len(log.lines()) == 1


def test_long_text_is_cut():
    log = make()
    log.info("a", "word " * 100)
    assert len(log.lines()[0]) < 130


def test_faults_show_the_class_not_the_text():
    log = make()
    log.fault("a", ValueError("4761739001010119"))
    assert log.lines()[0].endswith("a: ValueError") and log.refused == 0


SECRETS = (
    "4761739001010119",
    "card 4761 7390 0101 0119 declined",
    "pan=4761-7390-0101-0119",
    "key 00112233445566778899aabbccddeeff",
    "DEADBEEFDEADBEEF",
    "123456789012",
)


def test_text_that_may_hold_a_secret_is_refused():
    for secret in SECRETS:
        log = make()
        log.info("a", secret)
        log.info(secret, "x")
        assert log.refused == 2, secret
        assert log.lines() == ["1790000000 info log: refused: looks like a secret"] * 2


def test_harmless_text_is_not_refused():
    for text in ("amount 12.34 at 2026-11-22", "faced a dead cafe", "ATC 00A7", "12345678901", "error 6986 in GPO"):
        assert not looks_secret(text), text


def test_bytes_floats_objects_and_large_numbers_are_refused():
    for value in (b"key", bytearray(16), memoryview(b"key"), 1.5, "text", None, 1 << 30, 4761739001010119, -(10**9)):
        log = make()
        log.info("a", "value", value)
        assert log.refused == 1, value
    for value in (b"key", bytearray(16), memoryview(b"key"), None, 5):
        log = make()
        log.info("a", value)
        assert log.refused == 1, value
    log = make()
    log.info("a", "many", 1, 2, 3, 4, 5)
    assert log.refused == 1


def test_memory_is_bounded():
    log = make(32)

    def fill(count):
        for number in range(count):
            log.info("room", "text " + str(number), number, number, number)

    fill(100)
    gc.collect()
    before = gc.mem_alloc()
    fill(5000)
    gc.collect()
    grown = gc.mem_alloc() - before
    print("NOTE kernel.log_heap_growth_bytes", grown)
    assert grown <= 256, grown
