"""Light for the dark."""

MANIFEST = {
    "id": "torch",
    "version": "1.0.0",
    "kind": "app",
    "api": 1,
    "entry": "app.Torch",
    "name": {"en": "Torch", "zh": "手电筒"},
    "icon": "torch",
    "colour": 0xFFD54A,
    "permissions": ("light",),
}
