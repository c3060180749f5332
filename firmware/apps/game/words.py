"""Texts of the game."""

TEXT = {
    "en": {
        "best": "Best {n}",
        "hint": "Swipe to play",
        "over": "Game over",
        "record": "A new best",
        "paused": "Paused",
        "again": "New game",
        "on": "Go on",
    },
    "zh": {
        "best": "最高 {n}",
        "hint": "滑动开始",
        "over": "游戏结束",
        "record": "新纪录",
        "paused": "已暂停",
        "again": "新游戏",
        "on": "继续",
    },
}
