"""The watch as a game controller and a remote for a television."""

MANIFEST = {
    "id": "gamepad",
    "version": "1.0.0",
    "kind": "app",
    "api": 1,
    "entry": "app.GamepadApp",
    "name": {"en": "Gamepad", "zh": "手柄"},
    "icon": "game",
    "colour": 0x8C7BFF,
    "permissions": ("gamepad", "haptics", "light"),
}
