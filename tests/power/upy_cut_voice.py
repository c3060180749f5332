"""Cuts while words are taught and forgotten: each word is as before or as after, and none is mixed with another."""

from tests.firmware.storage.norflash import NorFlash
from tests.power.campaign import Campaign, Failed
from watch.storage import records
from watch.system.voice.recorded import Recorded
from watch.voice.prototypes import Prototypes

SHARE = "cuts and faults"
SIZE = 24
CENTRE = bytes(SIZE - 1) + b"\xff"
SHOTS = [bytes([9 - n] + [1] * (SIZE - 1)) for n in range(3)]


class Open:
    """Sealing takes long and is not the point: the records lie open in the journal."""

    def __init__(self, journal):
        self._journal = journal

    def sealed(self, record, value):
        return value[0].encode() + b"\0" + value[1]

    def read(self, record):
        stored = self._journal.get(record)
        if stored is None:
            return None
        word, data = bytes(stored).split(b"\0", 1)
        return [word.decode(), data]


def change(journal, deed):
    """Do one thing to the words, as the watch does it."""
    recorded = Recorded(journal, Open(journal))
    drawer = recorded.load("en")
    deed(Prototypes(drawer, "en", CENTRE, 7))
    recorded.save("en", drawer)


DEEDS = (
    lambda words: words.add("timer", SHOTS),
    lambda words: words.add("music", SHOTS[:2] + [SHOTS[0]]),
    lambda words: words.add("timer", SHOTS[2:]),
    lambda words: words.forget("timer"),
    lambda words: words.add("timer", SHOTS),
    lambda words: words.forget_all(),
)


class VoiceCampaign(Campaign):
    """Checks as well that what is found are words."""

    def _mounted_state(self, journal, where):
        state = Campaign._mounted_state(self, journal, where)
        drawer = Recorded(journal, Open(journal)).load("en")
        words = Prototypes(drawer, "en", CENTRE, 7)
        last = records.VOICE_WORD + records.VOICE_WORDS
        there = [key for key in journal.keys() if records.VOICE_WORD <= key < last]  # noqa: SIM118
        if words.refused or len(words.words()) != len(there):
            raise Failed(f"{where}: {words.refused} of {len(there)} records are no words")
        return state


def test_cut_voice():
    steps = [lambda journal, deed=deed: change(journal, deed) for deed in DEEDS]
    campaign = VoiceCampaign(NorFlash(4), steps)
    campaign.run()
    deeds = len(campaign.states) - 1
    assert deeds == len(DEEDS) and all(campaign.states[n] != campaign.states[n + 1] for n in range(deeds))
    print(f"NOTE cuts, words taught, taught again, forgotten, all forgotten: {campaign.points()}, 0 lost or mixed")


def test_a_mutant_that_forgets_before_it_writes_is_found():
    """All words deleted one by one: a cut between two leaves some, which is no state that the wearer asked for."""

    def one_by_one(journal):
        for key in list(journal.keys()):
            journal.commit({key: None})

    def two(journal):
        for deed in DEEDS[:2]:
            change(journal, deed)

    try:
        VoiceCampaign(NorFlash(4), [two, one_by_one]).run()
    except Failed as error:
        print(f"NOTE cuts, voice, words deleted one by one caught: {error}")
        return
    raise AssertionError("a change in parts was not noticed")
