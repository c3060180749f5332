"""Finds the phone, and tells when the phone looks for the watch."""

MANIFEST = {
    "id": "phone",
    "version": "1.0.0",
    "kind": "app",
    "api": 1,
    "entry": "app.PhoneFinder",
    "name": {"en": "Find phone", "zh": "找手机"},
    "icon": "phone",
    "colour": 0x59C3FF,
    "permissions": ("find_phone", "haptics"),
}
