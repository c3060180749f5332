"""Texts of the loyalty cards."""

TEXT = {
    "en": {
        "title": "Loyalty cards",
        "empty": "No cards yet. Send them with the phone app",
        "narrow": "Too long for bars",
        "remove": "Remove card?",
        "yes": "Remove",
        "no": "Keep",
    },
    "zh": {
        "title": "会员卡",
        "empty": "还没有会员卡，请用手机应用发送",
        "narrow": "太长，改用二维码",
        "remove": "移除会员卡？",
        "yes": "移除",
        "no": "保留",
    },
}
