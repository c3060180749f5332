"""Texts of the analogue face."""

TEXT = {"en": {"locked": "Locked"}, "zh": {"locked": "已锁定"}}
