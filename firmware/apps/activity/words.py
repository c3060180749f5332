"""Texts of the activity."""

TEXT = {
    "en": {
        "of": "of {n}",
        "reached": "Goal reached",
        "km": "about {n} km",
        "hours": "Today",
        "week": "Daily average",
        "goal": "Daily goal",
        "none": "This watch does not count steps",
        "days": "MTWTFSS",
    },
    "zh": {
        "of": "目标 {n}",
        "reached": "已达成目标",
        "km": "约 {n} 公里",
        "hours": "今天",
        "week": "日均步数",
        "goal": "每日目标",
        "none": "这块手表不计步",
        "days": "一二三四五六日",
    },
}
