"""From the microphone to one word of a small vocabulary, on the watch alone. `docs/voice.md` tells it in order."""
