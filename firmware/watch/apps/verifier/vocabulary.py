"""The names that apps may use (docs/bundles.md, "Vocabulary"). All others are pool names, `n0` to `n511`.

A name stands for the program, not for a type: before one is added, look at every object that an app can reach, and at
what has an attribute of that name there. `tools/vocabulary.py` copies the table for the packer.

Each group is one text of names, so that nothing of it is interned before code is checked; `names` takes it apart.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Iterable

SPEND = "spend"
"""Of `watch.apps.api`: the fuel call. No app may put anything else in the place of this name."""

EXPORTS = (
    # Bases, and what is handed over.
    "App Face Widget Watch Words Entry Settings",
    # Widgets.
    "AnalogueDial Arc BarPicture Bars Battery Box Button CardChip Dial Facts Hand Hands Icon Label Month PageDots",
    "Image Paragraph QrPicture Row RowList TimeChooser TimeFigures Canvas",
    # Codes that are shown.
    "BarCode QrCode",
    # Functions.
    "charge_ink days_in_month days_since_2000 line mix page_after rgb text_pages",
    "PI atan2 cos parse_json sin sqrt",
    # Colours, sides, patterns, states of timers and of rows.
    "AMBER BLACK DEFAULT_ACCENT FAINT GREEN GREY HOUR PRESSED RED WHITE",
    "CENTRE LEFT RIGHT ATTENTION FAILURE SUCCESS TICK FREE OVER PAUSED RUNNING CHOSEN OFF ON PLAIN UNREAD",
    # Tables.
    "SKIES icons",
)
"""What `watch.apps.api` gives, besides `SPEND`."""

MEMBERS = (
    # Texts and bytes.
    "count encode decode endswith find format index isalpha isdigit islower isspace isupper join lower lstrip",
    "partition replace rfind rindex rpartition rsplit rstrip split splitlines startswith strip upper center hex",
    "fromhex",
    # Lists, tables, sets. Not `sort`: its key function could change the list while C code walks it; `sorted` copies.
    "append clear copy extend insert pop remove reverse get items keys popitem setdefault update values",
    "add difference discard intersection isdisjoint issubset issuperset symmetric_difference union",
    # Numbers, ranges, errors. Not `throw` of generators.
    "from_bytes to_bytes start stop step args errno",
    # App and Face: what they inherit.
    "ui watch target button pace follow_finger dimmed tick_ms image log",
    # Ui. Not `damage`, `bump`, `turn`, `set_accent`, `set_language`, `icons`: they change or hold more than the app.
    "width height corner metrics display_font figures_font title_font body_font caption_font text accent clock_24h",
    "large reduced_motion high_contrast large_text ink ladder",
    # Metrics, Font, Run.
    "panel margin gap line_height baseline digit_height",
    # Widget. Not `screen`.
    "x y w h mark mark_part font set set_time set_second set_day set_battery recolour show holds press number pages",
    "widgets module_px pitch key name detail icon colour",
    # Canvas, where numbers alone say what is drawn. Not `window`, `clip`, `glyph`, `polygons`, `memory`.
    "fill_rect round_rect disc line ring gradient run touches",
    # Watch: a field for each permission, and what every app has.
    "time settings close glance haptics light timers alarms calendar weather music find_phone activity loyalty dice",
    "gamepad location phone_files phone_intents storage notify background web motion sound payment complication",
    # Time, Words.
    "minutes second ticks_ms since_ms minute_of_day date language days months half",
    # Glance.
    "percent charging locked card upcoming steps goal_percent hours unread temp_c high_c low_c sky place alarm",
    "phone label last_four complications chosen",
    # Haptics, Light.
    "play full keep",
    # Timers, stopwatch, alarms. `stop`, `cancel` and `reset` end what the wearer sees and can start again.
    "pause resume again cancel left_ms places stopwatch state total_s running laps lap reset elapsed_ms changes all",
    "next_due change enable",
    # Calendar and its entries.
    "events ask end all_day title",
    # Weather, music, find phone, steps, dice.
    "age_min fresh now humidity_percent rain_percent uv wind_kmh wind_deg track artist album length_s position_s",
    "command connected ringing wanted left_percent found counted goal metres set_goal cards below",
    # Gamepad.
    "hat stick tilt release acceleration",
    # Location, files and lines on the phone.
    "want latitude longitude altitude_m speed_kmh course_deg satellites write failed say send",
    # Storage, notifications, marks, web, motion, sound, payment.
    "names read size post at after due answer waiting moving tone currency request outcome amount_minor purpose",
    # icons.
    "SMALL MEDIUM LARGE CHECK CROSS CONTACTLESS LOCK CARD DELETE WARNING BOLT SENT TORCH STOPWATCH TIMER CALCULATOR",
    "TILES FACE PLAY PAUSE FLAG AGAIN PLUS MINUS ALARM CALENDAR CLOUDS SUN RAIN DRIZZLE SNOW FOG STORM MUSIC PREVIOUS",
    "NEXT QUIETER LOUDER PHONE STEPS BARCODE GAME SETTINGS MOON DROP BELL BELL_OFF BLUETOOTH MESSAGE SHIELD GLOBE",
    "CLOCK INFO UPDATE LINK REPLY TRASH HAND STORE VIBRATE BOOK COMPUTER TERMINAL TV AIRPLANE UP DOWN LEFT RIGHT HOME",
    "MENU POWER MUTE CENTRE HANDSET HANG_UP NAVIGATE",
)
"""Attributes that may be read, besides pool names and `OVERRIDES`."""

WRITABLE = (
    "x y w h",  # a widget that moves
    "tick_ms",  # of an app
)
"""Attributes that may be set under a name of the API, besides pool names."""

OVERRIDES = (
    # Of every class. It may be read of `EXPORTS` only: called again, it makes another thing of an object.
    "__init__",
    # App and Face: answers and what they are asked for.
    "open close tick tap press release hold finger second_button swipe back build dim background tick_ms dimmed",
    "complications",
    # Widget.
    "draw texts set recolour holds",
    # Words that apps use for methods of their own beside an API object's.
    "add point",
)
"""Methods and attributes that a class of an app may define under a name of the API."""

BUILTINS = (
    "abs all any bool bytearray bytes callable chr classmethod dict divmod enumerate filter float frozenset hash",
    "hex int isinstance issubclass iter len list map max min next oct ord pow print property range repr reversed",
    "round set slice sorted staticmethod str sum tuple zip bin Ellipsis NotImplemented ArithmeticError",
    "AssertionError AttributeError Exception ImportError IndexError KeyError LookupError MemoryError NameError",
    "NotImplementedError OSError OverflowError RuntimeError StopIteration TypeError UnicodeError ValueError",
    "ZeroDivisionError",
)
"""Functions, types and errors that are there without an import. Nothing that looks attributes up by a text, or that
reads, runs or prints code; no base of all errors."""

KEYWORDS = (
    "colour face icon ink align repeats seconds label on_switch mark detail lines cut radius level slack default",
    "key reverse sep end",
)
"""Names of arguments of the API and of built-in functions."""


def names(group: "Iterable[str]") -> "frozenset[str]":
    """The names of a group."""
    return frozenset([name for line in group for name in line.split()])
