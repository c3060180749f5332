"""Texts of the music."""

TEXT = {
    "en": {
        "nothing": "Nothing plays",
        "start": "Press play to start",
        "unnamed": "Unnamed track",
        "no-phone": "No phone",
        "no-phone-do": "Connect your phone to see what it plays and to use its keys.",
    },
    "zh": {
        "nothing": "没有播放",
        "start": "按播放键开始",
        "unnamed": "未知曲目",
        "no-phone": "手机未连接",
        "no-phone-do": "请连接手机，以查看并控制播放。",
    },
}
