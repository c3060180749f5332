"""What lies where: one grid of keys for each way to control, laid out for each panel."""

from watch.apps.api import icons

GRIDS = {
    # columns, x of the first, width of one, y of the first row, height of one, side of a key
    "large": (3, 16, 126, 11, 120, 104),
    "small": (3, 0, 80, 0, 80, 74),
}
WAYS = ("stick", "cross", "tilt", "remote", "player")
"""In the order of the choice."""
LAYOUTS = {
    # row by row; `pad` takes the square that it fills, `-` is nothing, `ways` leads to the choice
    "stick": {
        "large": ("select ways start", "pad pad y", "pad pad b", "l1 x a"),
        "small": ("ways x start", "pad pad b", "pad pad a"),
    },
    "tilt": {
        "large": ("select ways start", "y pad b", "x pad a", "l1 centre r1"),
        "small": ("ways x start", "y pad b", "l1 centre a"),
    },
    "remote": {
        "large": ("back ways home", "play up power", "left ok right", "quieter down louder"),
        "small": ("ways up home", "left ok right", "back down play"),
    },
    "player": {
        "large": ("menu ways power", "- louder -", "previous play next", "mute quieter -"),
        "small": ("ways louder power", "previous play next", "mute quieter menu"),
    },
}
PICTURES = {
    "ways": icons.SETTINGS,
    "up": icons.UP,
    "down": icons.DOWN,
    "left": icons.LEFT,
    "right": icons.RIGHT,
    "back": icons.REPLY,
    "home": icons.HOME,
    "menu": icons.MENU,
    "power": icons.POWER,
    "play": icons.PLAY,
    "previous": icons.PREVIOUS,
    "next": icons.NEXT,
    "louder": icons.LOUDER,
    "quieter": icons.QUIETER,
    "mute": icons.MUTE,
    "centre": icons.CENTRE,
}
"""Keys with a picture."""
LETTERS = {"a": "A", "b": "B", "x": "X", "y": "Y", "l1": "L", "r1": "R"}
"""Keys with a letter; those with neither have a word."""
FACES = {"a": 0x32D26A, "b": 0xFF5247, "x": 0x4A9EFF, "y": 0xFFB627}
"""Colours that everybody knows these buttons by."""
_PAD = "pad"


def layout(way: str, panel: str) -> "tuple[str, ...]":
    """The rows of one way to control. The direction pad looks like the stick."""
    return LAYOUTS["stick" if way == "cross" else way][panel]


def pad_box(rows: "tuple[str, ...]", panel: str) -> "tuple[int, int, int]":
    """Middle of the pad and its radius in px; radius 0 without one."""
    _, left, wide, top, high, key = GRIDS[panel]
    cells = [(x, y) for y, row in enumerate(rows) for x, name in enumerate(row.split(" ")) if name == _PAD]
    if not cells:
        return 0, 0, 0
    (x0, y0), (x1, y1) = cells[0], cells[-1]
    columns, lines = x1 - x0 + 1, y1 - y0 + 1
    middle_x, middle_y = left + wide * x0 + wide * columns // 2, top + high * y0 + high * lines // 2
    return middle_x, middle_y, (min(wide * columns, high * lines) - (wide - key)) // 2
