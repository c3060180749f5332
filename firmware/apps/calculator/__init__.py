"""A pocket calculator that counts in tens."""

MANIFEST = {
    "id": "calculator",
    "version": "1.0.0",
    "kind": "app",
    "api": 1,
    "entry": "app.Calculator",
    "name": {"en": "Calculator", "zh": "计算器"},
    "icon": "calculator",
    "colour": 0xB9C3D6,
    "permissions": ("haptics",),
}
