"""Texts of the calendar."""

TEXT = {
    "en": {
        "coming": "Coming up",
        "none": "No events. Your phone sends its calendar to the watch.",
        "asked": "No events yet. The phone has been asked for its calendar.",
        "untitled": "Untitled",
        "today": "Today",
        "tomorrow": "Tomorrow",
        "now": "Now until {n}",
        "all-day": "All day",
        "until": "until {n}",
        "month": "{month} {year}",
    },
    "zh": {
        "coming": "即将到来",
        "none": "没有日程。手机会把日历发送到手表。",
        "asked": "还没有日程，已向手机请求日历。",
        "untitled": "未命名",
        "today": "今天",
        "tomorrow": "明天",
        "now": "进行中，至{n}",
        "all-day": "全天",
        "until": "至 {n}",
        "month": "{year}年{month}",
    },
}
