"""Changes one bit of what a payment is made of, between the question and the answer."""


def _flip(value, at):
    if isinstance(value, int):
        return value ^ 1 << 8 * at
    if isinstance(value, str):
        return value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :]
    return value[:at] + bytes((value[at] ^ 1,)) + value[at + 1 :]


def changed_field(holder, name, at):
    """A change of a byte or character of a field of what `holder` finds."""

    def change(one):
        where = holder(one)
        setattr(where, name, _flip(getattr(where, name), at))

    return change


def changed_drawing(place, at):
    """A change of a part of what the screen has drawn."""

    def change(one):
        screen = one.watch.navigator._presenting._asked
        drawn = list(screen.drawn)
        drawn[place] = _flip(drawn[place], at)
        screen.drawn = tuple(drawn)

    return change
