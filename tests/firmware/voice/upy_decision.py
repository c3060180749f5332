"""What becomes of logits: masks, thresholds by risk, and the wearer's own words."""

import math

from tests.firmware.voice.voice_kit import CENTRE, SIZE, WORDS, Keep, Network, recogniser
from watch.voice.heard import HEARD, UNCLEAR
from watch.voice.prototypes import Prototypes, shrink
from watch.voice.vocabulary import HIGH, LOW, MIDDLE, risk

WINDOW = bytearray(1536)


def logits_for(word, share, others):
    """Logits (scale 0.5) that give `word` this share beside `others` that are 0."""
    logits = [-2000] * (len(WORDS) + 1)
    for other in others:
        logits[WORDS.index(other) if other else len(WORDS)] = 0
    logits[WORDS.index(word)] = math.floor(2 * math.log(share / (1 - share) * len(others)) + 0.5)
    return logits


def test_softmax_over_the_mask_and_no_word():
    under_test = recogniser()
    under_test.network.logits = [3, 5, 1, -2, 4, 2]
    heard = under_test.decide(WINDOW, ("payment", "timer", "zero"))
    weights = [math.exp(value * 0.5) for value in (3, 5, 4, 2)]
    assert heard.word == "" and heard.reason == UNCLEAR
    assert abs(heard.score - weights[1] / sum(weights)) < 1e-5, heard.score
    under_test.network.logits = [3, 500, 1, -2, 20, 2]
    heard = under_test.decide(WINDOW, ("payment", "zero"))
    assert (heard.word, heard.reason) == ("zero", HEARD) and heard.score > 0.99, "timer is not in the mask"


def test_a_threshold_for_each_risk():
    under_test = recogniser()
    seen = set()
    for word in WORDS:
        threshold = under_test.network.thresholds[risk(word)]
        seen.add(risk(word))
        for above in (False, True):
            under_test.network.logits = logits_for(word, threshold + (0.08 if above else -0.15), ("",))
            heard = under_test.decide(WINDOW, (word,))
            assert heard.word == (word if above and heard.score >= threshold else ""), (word, above, heard.score)
            assert heard.score >= threshold if above else heard.score < threshold, (word, heard.score)
    assert seen == {LOW, MIDDLE, HIGH}


def test_no_word_is_never_beaten_by_a_low_threshold():
    under_test = recogniser()
    under_test.network.thresholds = (0.0, 0.0, 0.0)
    under_test.network.logits = [0, 0, 9, 0, 0, 10]
    assert under_test.decide(WINDOW, ("next",)).reason == UNCLEAR
    under_test.network.logits = [0, 0, 11, 0, 0, 10]
    assert under_test.decide(WINDOW, ("next",)).word == "next"


def test_words_that_the_network_does_not_have():
    under_test = recogniser()
    under_test.network.logits = [90] * 6
    for mask in ((), ("louder",), ("", "louder", "\x00")):
        heard = under_test.decide(WINDOW, mask)
        assert (heard.word, heard.reason, heard.score) == ("", UNCLEAR, 0)
    under_test.network.logits = [90, 0, 0, 0, 0, 0]
    assert under_test.decide(WINDOW, ("louder", "payment")).word == "payment"


def test_extreme_logits_are_no_overflow():
    under_test = recogniser()
    for logits in ([2**31 - 1] * 6, [-(2**31)] * 6, [2**31 - 1, -(2**31), 0, 1, -1, -(2**31)]):
        under_test.network.logits = logits
        heard = under_test.decide(WINDOW, WORDS)
        assert 0 <= heard.score <= 1 and (heard.word == "" or logits[WORDS.index(heard.word)] == max(logits))


def test_nothing_stays_after_clear():
    under_test = recogniser()
    under_test.network.logits = [7] * 6
    under_test.decide(bytearray(b"\x55" * 1536), WORDS)
    buffers = (under_test._logits, under_test._embedding, under_test._shot, under_test.network.activations)
    assert all(any(buffer) for buffer in buffers)
    under_test.clear()
    assert not any(any(buffer) for buffer in buffers)


def enrolled(shots, network):
    """A recogniser with one shot for some words."""
    prototypes = Prototypes(Keep(), "en", CENTRE)
    for word, values in shots.items():
        prototypes.add(word, [bytes(values)])
    made = recogniser(network)
    made.prototypes = prototypes
    return made


AXES = {word: [255 if n == at else 0 for n in range(SIZE)] for at, word in enumerate(WORDS)}


def test_an_own_word_wins_where_the_network_doubts():
    network = Network()
    under_test = enrolled({"payment": AXES["payment"]}, network)
    network.logits = [2, 2, 0, 0, 0, -20]
    network.embedding = [90, 9, 0, 0, 0, 0, 0, 0]
    network.pull = 0.0
    assert under_test.decide(WINDOW, WORDS).word == ""
    network.pull = 30.0
    assert under_test.decide(WINDOW, WORDS).word == "payment"


def test_an_own_word_that_sounds_otherwise_loses():
    """So it does not take what another word of the mask was, and what is no word stays none."""
    network = Network()
    under_test = enrolled({"payment": AXES["payment"]}, network)
    network.pull = 30.0
    network.logits = [9, 4, 0, 0, 0, -9]
    network.embedding = [20, 90, 0, 0, 0, 0, 0, 0]
    assert under_test.decide(WINDOW, ("payment", "timer")).word == "timer"
    assert under_test.decide(WINDOW, ("payment",)).reason == UNCLEAR
    network.embedding = [90, 20, 0, 0, 0, 0, 0, 0]
    assert under_test.decide(WINDOW, ("payment", "timer")).word == "payment"


def test_the_score_is_softmax_with_what_the_recordings_add():
    network = Network()
    under_test = enrolled({"payment": AXES["payment"], "zero": AXES["zero"]}, network)
    network.logits = [2, 3, 1, 0, 1, 0]
    network.embedding = [100, 0, 0, 0, 20, 0, 0, 0]
    heard = under_test.decide(WINDOW, WORDS)
    values = [value * 0.5 for value in network.logits]
    values[0] += network.pull * (100 / math.sqrt(100**2 + 20**2) - network.near)
    values[4] += network.pull * (20 / math.sqrt(100**2 + 20**2) - network.near)
    weights = [math.exp(value) for value in values]
    assert abs(heard.score - max(weights) / sum(weights)) < 2e-3, heard.score


def test_a_shot_is_scaled_to_bytes():
    from array import array

    for values in ([0] * 8, [65535] * 8, [1, 0, 0, 0, 0, 0, 0, 0], [3024, 1512, 12, 6, 5, 0, 1, 3000]):
        shot = bytearray(8)
        shrink(array("H", values), shot)
        top = max(values) or 1
        assert list(shot) == [(value * 255 + top // 2) // top for value in values]
