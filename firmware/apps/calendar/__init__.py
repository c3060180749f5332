"""The month, and the coming events that the phone has told."""

MANIFEST = {
    "id": "calendar",
    "version": "1.0.0",
    "kind": "app",
    "api": 1,
    "entry": "app.CalendarApp",
    "name": {"en": "Calendar", "zh": "日历"},
    "icon": "calendar",
    "colour": 0xFF6B5E,
    "permissions": ("calendar",),
}
