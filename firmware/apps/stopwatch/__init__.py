"""Stopwatch with laps."""

MANIFEST = {
    "id": "stopwatch",
    "version": "1.0.0",
    "kind": "app",
    "api": 1,
    "entry": "app.StopwatchApp",
    "name": {"en": "Stopwatch", "zh": "秒表"},
    "icon": "stopwatch",
    "colour": 0x7BE0A0,
    "permissions": ("haptics", "timers"),
}
