"""Texts of the timer."""

TEXT = {
    "en": {"label": "Timer", "over": "Time is up"},
    "zh": {"label": "计时器", "over": "时间到"},
}
