"""What each permission means, in words for whoever decides about an app."""

from __future__ import annotations

PERMISSIONS = {
    "glance": "show what the watch shows on a face: card, charge, steps, weather, next event, unread messages",
    "haptics": "vibrate",
    "light": "keep the screen on, at full light",
    "timers": "start and stop timers and the stopwatch",
    "alarms": "see and change your alarms",
    "calendar": "read your calendar",
    "weather": "see the weather where you are",
    "music": "see what plays on the phone, and control it",
    "find_phone": "make the phone ring",
    "activity": "see your steps of eight days, and your goal",
    "loyalty": "see your loyalty cards",
    "dice": "draw numbers that nobody can guess",
    "gamepad": "control the television that the watch is paired with",
    "location": "see where the phone is, while it is open",
    "phone_files": "keep files on the phone",
    "phone_intents": "start things on the phone, and show a line there",
    "storage": "keep files of its own on the watch",
    "notify": "show messages",
    "background": "wake up while it is closed",
    "web": "ask the hosts below through the phone",
    "motion": "feel how the watch moves",
    "sound": "make sounds",
    "payment": "ask you to pay; you decide on the watch's own screen",
    "complication": "show a line on watch faces",
}
