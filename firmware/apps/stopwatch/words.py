"""Texts of the stopwatch."""

TEXT = {
    "en": {"lap": "Lap {n}"},
    "zh": {"lap": "第 {n} 圈"},
}
