"""The kinds of messages that this link carries. What a phone may not say over it never reaches a service.

The watch knows more kinds than these: questions about pairing, apps and updates come on ways of their own.
"""

FROM_PHONE = (
    "notify",
    "notify-",
    "notify~",
    "call",
    "musicstate",
    "musicinfo",
    "audio",
    "alarm",
    "find",
    "vibrate",
    "weather",
    "calendar",
    "calendar-",
    "force_calendar_sync_start",
    "act",
    "actfetch",
    "listRecs",
    "fetchRec",
    "gps",
    "is_gps_active",
    "nav",
    "canned_responses_sync",
    "cards",
    "http",
    "intent",
    "accelsender",
)
"""Gadgetbridge's names."""

ANSWERS = {"http": "http", "gps": "gps_power", "intent": "intent"}
"""What answers something of the watch, by what it answers: only the phone that was asked may."""
