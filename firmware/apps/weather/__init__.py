"""The weather of now, as the phone said it last."""

MANIFEST = {
    "id": "weather",
    "version": "1.0.0",
    "kind": "app",
    "api": 1,
    "entry": "app.WeatherApp",
    "name": {"en": "Weather", "zh": "天气"},
    "icon": "weather",
    "colour": 0x6FC3FF,
    "permissions": ("weather",),
}
