"""The wearer's steps: today, hour by hour, and the week."""

MANIFEST = {
    "id": "activity",
    "version": "1.0.0",
    "kind": "app",
    "api": 1,
    "entry": "app.ActivityApp",
    "name": {"en": "Activity", "zh": "活动"},
    "icon": "steps",
    "colour": 0x6FE08A,
    "permissions": ("activity", "haptics"),
}
