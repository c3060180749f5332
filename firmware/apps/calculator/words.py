"""Texts of the calculator."""

TEXT = {
    "en": {
        "zero": "Cannot divide by 0",
        "large": "Too large",
        "small": "Too small",
    },
    "zh": {
        "zero": "不能除以 0",
        "large": "数字太大",
        "small": "数字太小",
    },
}
