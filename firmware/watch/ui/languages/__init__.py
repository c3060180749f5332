"""One module per language, pure data. `watch.ui.text` picks one; the font generator reads the characters."""
