"""The apps and faces that come with the firmware."""

APPS = ("alarms", "timer", "stopwatch", "calendar", "weather", "music", "activity", "phone", "calculator") + (
    "loyalty",
    "torch",
    "gamepad",
    "game",
)
"""In the order of the launcher."""
FACES = ("digital", "analogue", "big", "almanac", "rings", "minimal")
"""The first one takes the place of any that fails."""
