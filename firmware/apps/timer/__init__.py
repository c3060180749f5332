"""Counts down, also while it is closed."""

MANIFEST = {
    "id": "timer",
    "version": "1.0.0",
    "kind": "app",
    "api": 1,
    "entry": "app.TimerApp",
    "name": {"en": "Timer", "zh": "计时器"},
    "icon": "timer",
    "colour": 0xFF8A5B,
    "permissions": ("haptics", "timers"),
}
