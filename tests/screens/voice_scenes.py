"""The watch listens, what it has heard, and what the wearer teaches it."""

from watch.screens.fields import FieldsScreen
from watch.screens.listening import ListeningScreen
from watch.screens.marks import marked
from watch.screens.question import QuestionScreen
from watch.screens.rows import CHOSEN, ON, PLAIN, Row, RowsScreen
from watch.voice.vocabulary import WORDS


def nothing(*_arguments) -> None:
    """A callback that is not of interest."""


def words(ui, *names):
    """Words as the wearer reads them."""
    return [ui.text.get("word.%s.title" % name) for name in names]


def listening(ui, level=0, *names):
    """At home, at this level."""
    examples = words(ui, *(names or ("payment", "timer", "music", "weather")))
    screen = ListeningScreen(ui, examples, lambda: level, nothing)
    screen.tick(0)
    return screen


def typed(ui):
    """Digits for a field."""
    screen = listening(ui, 60, "seven", "eight", "nine", "back")
    screen.typed("1 2 5")
    return screen


def heard(ui, name):
    """One word."""
    screen = listening(ui)
    screen.heard(ui.text.get("word.%s.title" % name))
    return screen


def again(ui, reason):
    """None."""
    screen = listening(ui)
    screen.again(reason)
    return screen


def teach(ui, done, name="stopwatch"):
    """So many times it was said."""
    text = ui.text.get
    title, caption = text("voice.say", text("word.%s.title" % name)), text("voice.times")
    screen = ListeningScreen(ui, (), lambda: 45, nothing, title, caption, (3, done))
    screen.tick(0)
    return screen


def differs(ui):
    """It was another word, perhaps."""
    screen = teach(ui, 1)
    screen.again("differs")
    return screen


def learned(ui):
    """All three."""
    screen = ListeningScreen(ui, (), lambda: 0, nothing, "", "", (3, 3))
    screen.heard(ui.text.get("word.stopwatch.title"), ui.text.get("voice.learned"))
    return screen


def voice_settings(ui, taught):
    """On, and so many words are taught."""
    text = ui.text.get
    rows = [Row("voice", text("setting.voice"), mark=ON)]
    rows.append(marked("teach", text("voice.teach"), text("voice.taught", taught) if taught else ""))
    if taught:
        rows.append(marked("unteach", text("voice.unteach")))
    return RowsScreen(ui, "voice", text("settings.voice"), rows, nothing, nothing)


def all_words(ui, first=0):
    """The list of words, some of them taught."""
    text = ui.text.get
    rows = [
        Row(word, text("word.%s.title" % word), mark=CHOSEN if at in (1, 4, 5) else PLAIN)
        for at, word in enumerate(WORDS)
    ]
    return RowsScreen(ui, "voice-words", text("voice.teach"), rows, nothing, nothing, "", first)


def paged(first):
    """The list from this word on."""
    return lambda ui: all_words(ui, first)


def one_word(ui):
    """What can be done with one that is taught."""
    text = ui.text.get
    rows = [marked("teach", text("voice.once-more")), marked("unteach", text("voice.forget"))]
    return RowsScreen(ui, "voice-word", text("word.stopwatch.title"), rows, nothing, nothing)


def balance(ui):
    """What the watch knows of the money."""
    text = ui.text.get
    fields = (
        (text("receipt.card"), "Everyday Debit •••• 4242"),
        (text("balance.ready"), text("card.active", 10)),
        (text("balance.account"), text("balance.bank")),
    )
    return FieldsScreen(ui, "balance", text("balance.title"), fields, nothing)


SCENES = (
    ("listening", listening),
    ("listening-loud", lambda ui: listening(ui, 100)),
    ("listening-answers", lambda ui: listening(ui, 40, "yes", "no", "stop", "back")),
    ("listening-typed", typed),
    ("heard", lambda ui: heard(ui, "timer")),
    ("heard-long", lambda ui: heard(ui, "stopwatch")),
    ("again-silence", lambda ui: again(ui, "silence")),
    ("again-short", lambda ui: again(ui, "short")),
    ("again-long", lambda ui: again(ui, "long")),
    ("again-noise", lambda ui: again(ui, "noise")),
    ("again-clipped", lambda ui: again(ui, "clipped")),
    ("again-unclear", lambda ui: again(ui, "unclear")),
    ("again-microphone", lambda ui: again(ui, "microphone")),
    ("teach-first", lambda ui: teach(ui, 0)),
    ("teach-second", lambda ui: teach(ui, 1)),
    ("teach-third", lambda ui: teach(ui, 2)),
    ("teach-differs", differs),
    ("teach-learned", learned),
    ("voice-settings", lambda ui: voice_settings(ui, 0)),
    ("voice-taught", lambda ui: voice_settings(ui, 34)),
    ("voice-word", one_word),
    ("unteach", lambda ui: QuestionScreen(ui, "unteach", nothing, nothing)),
    ("balance", balance),
) + tuple([("voice-words-%d" % (first + 1), paged(first)) for first in range(0, len(WORDS), 3)])
"""Name and builder of every picture."""
