"""Tones through the amplifier: pitch, length, no clicks, and who has the port."""

import errno

from board.parts.sound_port import SoundPort
from board.simulator.chips.max98357a import Amplifier
from board.simulator.esp32s3.hardware import Hardware, install
from drivers.max98357a import QUEUE_BYTES, RATE_HZ, Max98357a

BCLK, LRCK, DOUT = 9, 10, 11


def speaker():
    """A driver on virtual hardware, and what hears it."""
    import machine

    hardware = Hardware()
    install(hardware)
    ear = hardware.i2s[(BCLK, DOUT)] = Amplifier(hardware.misuse)
    port = SoundPort()

    def make():
        i2s = machine.I2S
        return i2s(1, sck=BCLK, ws=LRCK, sd=DOUT, mode=i2s.TX, bits=16, format=i2s.MONO, rate=RATE_HZ, ibuf=QUEUE_BYTES)

    return Max98357a(port.opener(make), ear.supply), ear, hardware, port


def pass_ms(hardware, ms):
    for _ in range(ms // 5):
        hardware.time.advance_us(5000)


def sounding_ms(ear):
    loud = [n for n, sample in enumerate(ear.heard) if sample]
    return (loud[-1] - loud[0]) * 1000 // RATE_HZ if loud else 0


def test_pitch_length_and_end():
    for hz in (50, 440, 2000, 8000):
        driver, ear, hardware, _ = speaker()
        driver.tone(hz, 120, 50)
        assert driver.playing()
        pass_ms(hardware, 400)
        assert not driver.playing() and not ear.powered
        assert abs(ear.frequency_hz() - hz) <= hz // 50 + 1, (hz, ear.frequency_hz())
        assert 115 <= sounding_ms(ear) <= 126, sounding_ms(ear)
        assert hardware.misuse == []


def test_no_click_at_either_end():
    driver, ear, hardware, _ = speaker()
    driver.tone(100, 50, 100)
    pass_ms(hardware, 300)
    peak = max(ear.heard)
    print("NOTE speaker: steepest step of a 100 Hz tone is %d of %d" % (ear.steepest(), peak))
    assert peak > 32000 and ear.steepest() < 1000


def test_volume():
    peaks = []
    for percent in (10, 50, 100):
        driver, ear, hardware, _ = speaker()
        driver.tone(440, 50, percent)
        pass_ms(hardware, 200)
        peaks.append(max(ear.heard))
    assert peaks[0] * 9 < peaks[2] < peaks[0] * 11 and peaks[1] * 2 - peaks[2] < 400, peaks


def test_a_new_tone_takes_the_place():
    driver, ear, hardware, _ = speaker()
    driver.tone(400, 2000, 50)
    pass_ms(hardware, 100)
    driver.tone(3000, 100, 50)
    pass_ms(hardware, 40)  # what was on its way is still the other one
    ear.heard = ear.heard[:0]
    pass_ms(hardware, 300)
    assert not driver.playing()
    assert 2700 <= ear.frequency_hz() <= 3100, ear.frequency_hz()


def test_silence_is_soft_and_frees_the_port():
    driver, ear, hardware, port = speaker()
    driver.tone(400, 2000, 80)
    pass_ms(hardware, 100)
    driver.tone(400, 1, 0)
    pass_ms(hardware, 200)
    assert not driver.playing() and ear.steepest() < 4000
    port.opener(lambda: hardware and _Idle())().deinit()


def test_stop_is_at_once():
    driver, ear, hardware, _ = speaker()
    driver.tone(400, 2000, 80)
    pass_ms(hardware, 60)
    driver.stop()
    driver.stop()
    assert not ear.powered
    heard = len(ear.heard)
    pass_ms(hardware, 100)
    assert len(ear.heard) == heard
    driver.tone(500, 20, 50)
    pass_ms(hardware, 200)
    assert len(ear.heard) > heard


def test_silence_alone_opens_nothing():
    driver, ear, _, _ = speaker()
    driver.tone(400, 100, 0)
    assert not driver.playing() and not ear.powered


def test_numbers_that_make_no_sense():
    driver, _, _, _ = speaker()
    for hz, ms, percent in ((19, 10, 50), (12_001, 10, 50), (440, -1, 50), (440, 10, 101), (440, 10, -1)):
        try:
            driver.tone(hz, ms, percent)
        except ValueError:
            continue
        raise AssertionError((hz, ms, percent))


def test_a_port_that_another_has():
    driver, ear, _, port = speaker()
    held = port.opener(_Idle)()
    try:
        driver.tone(440, 10, 50)
    except OSError as error:
        assert error.errno == errno.EAGAIN
    else:
        raise AssertionError("two owners")
    held.deinit()
    driver.tone(440, 10, 50)
    assert ear.powered
    driver.stop()


class _Idle:
    """A port that does nothing."""

    def irq(self, handler):
        pass

    readinto = write = irq

    def deinit(self):
        pass
