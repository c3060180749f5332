"""Alarms: a list with switches, each with its time, its days and a word. The watch keeps them and rings."""

MANIFEST = {
    "id": "alarms",
    "version": "1.0.0",
    "kind": "app",
    "api": 1,
    "entry": "app.AlarmsApp",
    "name": {"en": "Alarms", "zh": "闹钟"},
    "icon": "alarm",
    "colour": 0xFFB627,
    "permissions": ("haptics", "alarms"),
}
