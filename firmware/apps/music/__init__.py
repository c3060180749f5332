"""What the phone plays, and the keys of its player."""

MANIFEST = {
    "id": "music",
    "version": "1.0.0",
    "kind": "app",
    "api": 1,
    "entry": "app.MusicApp",
    "name": {"en": "Music", "zh": "音乐"},
    "icon": "music",
    "colour": 0xFF6FA8,
    "permissions": ("haptics", "music"),
}
