"""Texts of the digital face."""

TEXT = {
    "en": {"locked": "Locked", "empty": "No card yet"},
    "zh": {"locked": "已锁定", "empty": "还没有卡片"},
}
