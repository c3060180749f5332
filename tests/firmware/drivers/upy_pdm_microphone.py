"""The PDM microphone: the filter against plain integers, a tone through the modulator, and what a line can do wrong."""

import errno
import math
from array import array

import micropython

from board.parts.sound_port import SoundPort
from board.simulator.chips.pdm_mic import Microphone
from board.simulator.esp32s3.hardware import Hardware, install
from drivers.pdm_filter import PdmFilter
from drivers.pdm_microphone import PdmMicrophone

PDM_HZ = 2_048_000
RATE_HZ = 16_000
SCK, WS, SD = 17, 10, 18
PART_MS = 20


def sine(hz, share, offset=0):
    """A tone as the model wants it; `hz` divides the clock."""
    period = PDM_HZ // hz
    wave = array("h", [int(share * 32768 * math.sin(2 * math.pi * n / period)) for n in range(period)])
    return lambda clock: wave[clock % period] + offset


def boxes(width):
    """Three boxes convolved: the weights of a sinc^3 filter."""
    weights = [1]
    for _ in range(3):
        weights = [sum(weights[max(0, n - width + 1) : n + 1]) for n in range(len(weights) + width - 1)]
    return weights


def oracle(bits):
    """Samples by direct convolution in plain integers, without the removal of DC."""
    first, second = boxes(8), boxes(16)
    bits = [0] * len(first) + bits
    fast = []
    for end in range(len(first) + 8, len(bits) + 1, 8):
        fast.append(sum([weight * bits[end - 1 - n] for n, weight in enumerate(first)]))
    fast = [0] * len(second) + fast
    return [
        sum([weight * fast[end - 1 - n] for n, weight in enumerate(second)]) >> 6
        for end in range(len(second) + 16, len(fast) + 1, 16)
    ]


def without_mean(samples, mean):
    """What the filter does about DC; `mean` is what it has gathered so far."""
    made = []
    for sample in samples:
        mean += ((sample << 7) - mean) >> 7
        made.append(max(-32768, min(32767, sample - (mean >> 7))))
    return made


def time_order(raw):
    """Bits as +1 and -1, the oldest first, of bytes in the order of I2S."""
    bits = []
    for at in range(len(raw)):
        byte = raw[at ^ 3]
        bits += [1 if byte >> place & 1 else -1 for place in range(7, -1, -1)]
    return bits


def filtered(raw, samples, **how):
    made = array("h", bytes(2 * samples))
    PdmFilter(**how).run(raw, made, samples)
    return made


def heard(sound, samples):
    """What the filter makes of a sound."""
    raw = bytearray(16 * samples)
    Microphone(sound).give(None, raw)
    return filtered(raw, samples)


def power(samples, hz):
    """Mean square of what of `samples` has this frequency: one bin of a Fourier transform."""
    turn = 2 * math.pi * hz / RATE_HZ
    x = sum([sample * math.cos(turn * n) for n, sample in enumerate(samples)])
    y = sum([sample * math.sin(turn * n) for n, sample in enumerate(samples)])
    return 2 * (x * x + y * y) / len(samples) ** 2


def microphone(sound, **how):
    """A driver on virtual hardware, and the model of what it hears."""
    import machine

    hardware = Hardware()
    install(hardware)
    model = hardware.i2s[(SCK, SD)] = Microphone(sound)
    port = SoundPort()

    def make():
        i2s = machine.I2S
        return i2s(0, sck=SCK, ws=WS, sd=SD, mode=i2s.RX, bits=32, format=i2s.STEREO, rate=32_000, ibuf=32_768)

    return PdmMicrophone(port.opener(make), **how), model, hardware, port


def test_the_filter_is_a_direct_convolution():
    seed, raw = 12345, bytearray(16 * 60)
    for at in range(len(raw)):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        raw[at] = seed >> 16 & 0xFF
    under_test = PdmFilter()
    made = array("h", bytes(2 * 56))
    under_test.run(raw, made, 4)  # these belong to what was before
    mean = under_test._state[8]
    under_test.run(memoryview(raw)[64:], made, 56)
    assert list(made) == without_mean(oracle(time_order(raw))[4:], mean)
    raw[:] = b"\xff" * len(raw)
    assert max(filtered(raw, 60)) <= 32767


def test_a_swapped_port_is_heard_with_the_option():
    raw = bytearray(16 * 80)
    Microphone(sine(1000, 0.3)).give(None, raw)
    swapped = bytearray(len(raw))
    for at in range(0, len(raw), 8):
        swapped[at : at + 4], swapped[at + 4 : at + 8] = raw[at + 4 : at + 8], raw[at : at + 4]
    assert list(filtered(swapped, 80, swapped=True)) == list(filtered(raw, 80))
    assert list(filtered(swapped, 80)) != list(filtered(raw, 80))


def test_a_tone_and_its_noise():
    settled = 480  # the slow mean has let go of the first samples by then
    samples = heard(sine(1000, 0.3), 800)[settled:]
    tone = power(samples, 1000)
    step = RATE_HZ / len(samples)
    noise = sum([power(samples, step * n) for n in range(2, int(7000 / step)) if abs(step * n - 1000) > 2 * step])
    snr_db = 10 * math.log10(tone / noise)
    level = math.sqrt(2 * tone) / 32768
    print(
        "NOTE microphone: 1 kHz at 0.300 of full scale comes as %.3f, %.1f dB above the noise up to 7 kHz"
        % (level, snr_db)
    )
    assert snr_db >= 50 and 0.28 < level < 0.31


def test_the_droop_is_that_of_two_sinc_filters():
    for hz, droop_db in ((1000, -0.2), (4000, -2.7), (6400, -7.3)):
        samples = heard(sine(hz, 0.3), 320)[160:]
        found_db = 10 * math.log10(2 * power(samples, hz)) - 20 * math.log10(0.3 * 32768)
        print("NOTE microphone: %d Hz %.1f dB" % (hz, found_db))
        assert abs(found_db - droop_db) < 0.4, (hz, found_db)


def test_what_no_voice_is_does_no_harm():
    for share, offset in ((0, 0), (0, 12000), (0.1, -9000), (0.95, 0), (0, 32767)):
        samples = heard(sine(400, share, offset), 320)
        assert len(samples) == 320
        if not share and abs(offset) < 20000:
            assert max([abs(sample) for sample in samples[280:]]) < 2500, "a mean that stays"


def test_it_listens_and_reads():
    mic, _, hardware, _ = microphone(sine(1000, 0.3))
    into = memoryview(array("h", bytes(2 * 500)))
    mic.start()
    mic.start()
    assert mic.read(into) == 0
    hardware.time.advance_us(2 * PART_MS * 1000)
    assert mic.read(into) == 0, "the microphone starts"
    hardware.time.advance_us(PART_MS * 1000)
    assert mic.read(into) == 316, "the first four samples belong to what was before"
    hardware.time.advance_us(3 * PART_MS * 1000)
    assert [mic.read(into) for _ in range(3)] == [500, 460, 0]
    assert not mic.stuck and not mic.lost
    mic.stop()
    mic.stop()
    try:
        mic.read(into)
    except OSError as error:
        assert error.errno == errno.EPERM
    else:
        raise AssertionError("read while stopped")


def test_nothing_of_what_was_heard_stays():
    for fails in (False, True):
        mic, _, hardware, _ = microphone(sine(1000, 0.3))
        mic.start()
        hardware.time.advance_us(5 * PART_MS * 1000)
        mic.read(memoryview(array("h", bytes(100))))
        assert any(mic._raw) and any(mic._samples)
        end = mic._i2s.deinit

        def stuck(end=end):
            end()
            raise OSError(errno.EIO)

        if fails:
            mic._i2s.deinit = stuck
        try:
            mic.stop()
            assert not fails
        except OSError:
            assert fails
        assert not any(mic._raw) and not any(mic._samples) and not any(mic._filter._state), fails


def test_who_reads_late_loses_the_newest_and_is_told():
    mic, _, hardware, _ = microphone(lambda clock: 0)
    mic.start()
    hardware.time.advance_us(20 * PART_MS * 1000)
    assert mic.lost == 5
    into = memoryview(array("h", bytes(2 * 6400)))
    assert mic.read(into) == 13 * 320 - 4


def test_a_dead_line_is_noticed():
    for level in (0, 1):
        mic, model, hardware, _ = microphone(sine(500, 0.2))
        model.stuck = level
        mic.start()
        hardware.time.advance_us(4 * PART_MS * 1000)
        mic.read(memoryview(array("h", bytes(1280))))
        assert mic.stuck
        model.stuck = None
        hardware.time.advance_us(PART_MS * 1000)
        mic.read(memoryview(array("h", bytes(1280))))
        assert not mic.stuck


def test_one_at_a_time_has_the_port():
    mic, _, _, port = microphone(sine(500, 0.2))
    other = port.opener(lambda: None)
    mic.start()
    try:
        other()
    except OSError as error:
        assert error.errno == errno.EAGAIN
    else:
        raise AssertionError("two owners")
    mic.stop()
    mic.start()
    mic.stop()


def test_a_port_that_does_not_open_or_start_is_free_again():
    for point in ("open", "irq", "read"):
        mic, _, _, _ = microphone(sine(500, 0.2))
        good = mic._open

        def bad(point=point, good=good):
            if point == "open":
                raise OSError(errno.EAGAIN)
            i2s = good()

            def fail(anything):
                raise OSError(errno.EIO)

            setattr(i2s, "irq" if point == "irq" else "readinto", fail)
            return i2s

        mic._open = bad
        try:
            mic.start()
        except OSError:
            pass
        else:
            raise AssertionError(point)
        mic._open = good
        mic.start()
        mic.stop()


def test_reading_allocates_nothing():
    mic, _, hardware, _ = microphone(lambda clock: 0)
    into = memoryview(array("h", bytes(2 * 320)))
    mic.start()
    hardware.time.advance_us(5 * PART_MS * 1000)
    mic.read(into)
    micropython.heap_lock()
    try:
        count = mic.read(into)
    finally:
        micropython.heap_unlock()
    assert count == 320
    mic.stop()
