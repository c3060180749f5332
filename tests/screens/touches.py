"""What a finger does on a screen in a test."""


def touch(screen, name, turns=9):
    """Touch the target called `name`, turning pages until it is there."""
    for _ in range(turns):
        for label, x, y, w, h in screen.targets():
            if label == name:
                screen.tap(x + w // 2, y + h // 2)
                return
        screen.swipe("up")
    raise AssertionError("no target " + name)
