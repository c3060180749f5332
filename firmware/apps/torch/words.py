"""Texts of the torch."""

TEXT = {
    "en": {"white": "Tap for warm light", "warm": "Tap for red light", "red": "Tap for white light"},
    "zh": {"white": "点按切换暖光", "warm": "点按切换红光", "red": "点按切换白光"},
}
