"""What an app may use, as people read it: a picture and words for each permission."""

from micropython import const

from watch.ui import icons

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Sequence

    from watch.ui.context import Ui

PICTURES = {
    "glance": icons.FACE,
    "haptics": icons.VIBRATE,
    "light": icons.SUN,
    "timers": icons.TIMER,
    "alarms": icons.ALARM,
    "calendar": icons.CALENDAR,
    "weather": icons.CLOUDS,
    "music": icons.MUSIC,
    "find_phone": icons.PHONE,
    "activity": icons.STEPS,
    "loyalty": icons.BARCODE,
    "dice": icons.AGAIN,
    "gamepad": icons.TV,
    "location": icons.NAVIGATE,
    "phone_files": icons.BOOK,
    "phone_intents": icons.PHONE,
    "storage": icons.BOOK,
    "notify": icons.BELL,
    "background": icons.TIMER,
    "web": icons.GLOBE,
    "motion": icons.STEPS,
    "sound": icons.LOUDER,
    "payment": icons.CARD,
    "complication": icons.FACE,
}
"""By the name that a manifest uses."""


def described(ui: "Ui", permissions: "Sequence[str]") -> "list[tuple[int, str]]":
    """Picture and words of each. One that this watch has no words for is named as it is, with a warning."""
    found = []
    for name in permissions:
        if name in PICTURES:
            found.append((PICTURES[name], ui.text.get("permission." + name)))
        else:
            found.append((icons.WARNING, name))
    return found
