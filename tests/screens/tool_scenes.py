"""Scenes of the calculator, the game, the phone finder, the activity and the loyalty cards."""

from tests.screens.app_scenes import app
from tests.screens.inside import inside
from tests.screens.tool_desk import ToolDesk

_LATE = (1, 0, 2, 1, 3, 1, 4, 2, 5, 7, 6, 3, 8, 9, 10, 4)
_ALL = (17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 0)
_LAST = (0, 5, 6, 7, 3, 4, 5, 6, 4, 5, 6, 7, 3, 4, 5, 6)


def touch(screen, name):
    """Touch the middle of a target. Raises KeyError if it is not there."""
    places = {one[0]: one for one in screen.targets()}
    _, x, y, w, h = places[name]
    screen.press(x + w // 2, y + h // 2)
    screen.release()
    screen.tap(x + w // 2, y + h // 2)


def keys(screen, *names):
    """Touch keys of the calculator, turning its pages where one is not in sight."""
    for name in names:
        for turn in ("half", "turn", "half", "half"):
            there = [one[0] for one in screen.targets()]
            if name not in there:
                touch(screen, turn if turn in there else "turn")
        touch(screen, name)
    return screen


def calculator(ui, typed, *more):
    """The calculator after some keys."""
    return keys(app(ui, "calculator", desk=ToolDesk()), *typed, *more)


def extreme(ui, exponent):
    """A number times itself that has no result: 9 x 10 to the power of `exponent`."""
    desk = ToolDesk()
    desk.settings.values["engine"] = ["", "*", "", False, 9, exponent, 9, exponent, 0, 0]
    return keys(app(ui, "calculator", desk=desk), "=")


def game(ui, places=(), score=0, best=0, before=0):
    """The game at a position."""
    desk = ToolDesk()
    desk.settings.values = {"places": list(places), "score": score, "best": best, "before": before}
    return app(ui, "game", desk=desk)


def paused(ui, score, best, places=_LATE):
    """The game after a touch."""
    screen = game(ui, places, score, best)
    screen.tap(ui.width // 2, ui.height // 2)
    return screen


def over(ui, score, best, before):
    """The game after its last stroke: the board is full, and nothing is equal."""
    screen = game(ui, _LAST, score, best, before)
    screen.swipe("left")
    for _ in range(40):
        screen.tick(0)
    return screen


def deaf_phone(ui):
    """The phone has taken nothing for long."""
    desk = ToolDesk()
    desk.known.phone.connected = True
    while desk.known.outbox.send({"t": "x"}):
        pass
    screen = app(ui, "phone", desk=desk)
    touch(screen, "ring")
    return screen


def phone(ui, connected=True, rings_ms=-1, wanted=False):
    """The phone finder; `rings_ms`: for how long the phone rings already."""
    desk = ToolDesk()
    desk.known.phone.connected = connected
    if rings_ms >= 0:
        desk.known.find_phone.start()
        desk.known.clock.ms = rings_ms
    if wanted:
        desk.known.find_phone.take(True)
    return app(ui, "phone", desk=desk)


CARDS = (
    ("Green Tea House", "code128", "2718281828459"),
    ("Old Harbour Bookshop and Stationery 1923", "qr", "M-004711"),
    ("Метро Cash & Carry", "code128", "A7-0042"),
    ("全家便利店会员卡和积分卡", "qr", "会员" * 24),
    ("Longest bars there are", "code128", "Ab" * 24),
)


def loyalty(ui, card=-1, cards=CARDS, asks=False):
    """The list of cards, or one of them."""
    desk = ToolDesk()
    for name, kind, text in cards:
        desk.known.loyalty.put(name, kind, text)
    screen = app(ui, "loyalty", desk=desk)
    if card >= 0:
        app_in = inside(screen)
        app_in._show_card([one[1] for one in app_in._cards].index(cards[card][0]))
    if asks:
        screen.hold(ui.width // 2, ui.height // 2)
    return screen


_ACTIVE_DAY = (0, 0, 0, 0, 0, 0, 40, 830, 1240, 310, 120, 260, 980, 640, 210, 350, 190, 1480, 720, 160, 40, 0, 0, 0)


def activity(ui, page=0, today=_ACTIVE_DAY, before=(9120, 4310, 12800, 8000, 6100, 10240), goal=8000, counted=True):
    """A page of the activity."""
    desk = ToolDesk()
    desk.known.counts_steps = counted
    desk.known.activity.goal = goal
    desk.known.walk(0, today)
    for ago, steps in enumerate(before):
        desk.known.walk(ago + 1, [steps])
    screen = app(ui, "activity", desk=desk)
    for _ in range(page):
        screen.swipe("up")
    return screen


SCENES = (
    ("calculator", lambda ui: calculator(ui, "")),
    ("calculator-typed", lambda ui: calculator(ui, "12.5")),
    ("calculator-long", lambda ui: calculator(ui, "1234567.891")),
    ("calculator-operation", lambda ui: calculator(ui, "1234+56", "turn")),
    ("calculator-waiting", lambda ui: calculator(ui, "1234+56")),
    ("calculator-result", lambda ui: calculator(ui, "0.1+0.2=")),
    ("calculator-third", lambda ui: calculator(ui, "1/3=", "sign")),
    ("calculator-tiny", lambda ui: calculator(ui, "1/3/987654321=", "sign")),
    ("calculator-zero", lambda ui: calculator(ui, "7/0=")),
    ("calculator-large", lambda ui: extreme(ui, 99)),
    ("calculator-small", lambda ui: extreme(ui, -99)),
    ("calculator-more", lambda ui: calculator(ui, "0.1+0.2=", "clear" if ui.large else "half")),
    ("game", game),
    ("game-late", lambda ui: game(ui, _LATE, 13276, 21444)),
    ("game-all", lambda ui: game(ui, _ALL, 3932100, 3932100)),
    ("game-paused", lambda ui: paused(ui, 13276, 21444)),
    ("game-over", lambda ui: over(ui, 1208, 21444, 21444)),
    ("activity", lambda ui: activity(ui, 0, _ACTIVE_DAY[:11])),
    ("activity-reached", lambda ui: activity(ui, 0, [500] * 24)),
    ("activity-most", lambda ui: activity(ui, 0, [65535] * 24)),
    ("activity-hours", lambda ui: activity(ui, 1, _ACTIVE_DAY[:11])),
    ("activity-week", lambda ui: activity(ui, 2)),
    ("activity-goal", lambda ui: activity(ui, 3, goal=40000)),
    ("activity-empty", lambda ui: activity(ui, 2, (), ())),
    ("activity-none", lambda ui: activity(ui, 0, (), (), 8000, False)),
    ("phone", phone),
    ("phone-ringing", lambda ui: phone(ui, True, 18_000)),
    ("phone-away", lambda ui: phone(ui, False)),
    ("phone-deaf", deaf_phone),
    ("phone-wanted", lambda ui: phone(ui, True, -1, True)),
    ("loyalty", loyalty),
    ("loyalty-empty", lambda ui: loyalty(ui, -1, ())),
    ("loyalty-bars", lambda ui: loyalty(ui, 0)),
    ("loyalty-qr", lambda ui: loyalty(ui, 1)),
    ("loyalty-qr-large", lambda ui: loyalty(ui, 3)),
    ("loyalty-remove", lambda ui: loyalty(ui, 1, asks=True)),
    ("loyalty-narrow", lambda ui: loyalty(ui, 4)),
    ("game-record", lambda ui: over(ui, 3932100, 3932100, 21444)),
)
"""Name and builder of every picture of these apps."""
