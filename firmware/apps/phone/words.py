"""Texts of the phone finder."""

TEXT = {
    "en": {
        "ring": "Ring my phone",
        "ring-more": "It rings for a minute",
        "ringing": "Ringing",
        "ringing-more": "Tap to stop",
        "away": "No phone nearby",
        "away-more": "Turn on its Bluetooth and come closer",
        "wanted": "Here I am",
        "wanted-more": "Your phone is looking for this watch",
        "full": "No answer",
        "full-more": "Tap to try again",
    },
    "zh": {
        "ring": "让手机响铃",
        "ring-more": "最多响一分钟",
        "ringing": "正在响铃",
        "ringing-more": "点按停止",
        "away": "附近没有手机",
        "away-more": "请打开手机蓝牙并靠近",
        "wanted": "我在这里",
        "wanted-more": "手机正在寻找这块手表",
        "full": "手机没有回应",
        "full-more": "点按重试",
    },
}
