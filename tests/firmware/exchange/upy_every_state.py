"""Every message kind and every card event in every state: what is answered, and that no state is left by it."""

from support import scrubbing
from support.world import OTHER_TOKEN, TOKEN, ready

from tests.firmware.payment import merchant_kit
from tests.firmware.system.update_desk import furnish
from watch.access import states
from watch.apps.shelf import file_tree
from watch.crypto import cbor
from watch.crypto.hashes import sha256
from watch.exchange import messages
from watch.exchange.messages import Exchange
from watch.kernel.errors import LockedError, StateError
from watch.kernel.log import Log
from watch.system.answers import Answers
from watch.system.apps.draft import Draft
from watch.system.apps.enrolling import Enrolling
from watch.system.apps.installs import Installs
from watch.system.apps.messages import AppMessages
from watch.system.diagnosis import Diagnosis
from watch.system.updating.flow import UpdateFlow

scrubbing.leave_out()
FOLDER = "build/tests/states"
for _folder in ("build", "build/tests", FOLDER):
    file_tree.made(_folder)

WAY = {
    "locked": (),
    "worn": (states.UNLOCK,),
    "armed": (states.ARM,),
    "tapping": (states.SELECT,),
    "foreign": (states.APP_OPEN,),
    "express": (states.EXPRESS_ON,),
    "lost": (states.LOSE,),
    "wiping": (states.WIPE,),
}
"""What leads to each state from a worn watch."""

# Message kind to the status in each state, in the order of STATES.
STATES = ("locked", "worn", "armed", "tapping", "foreign", "express", "lost", "wiping")
WIPED = "wiped"
EXTREMES = (-1, -(1 << 64), (1 << 30) - 1, 1 << 30, 1 << 31, 1 << 32, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)
"""Numbers at the edges of small integers, of machine words and of CBOR."""
EXPECTED = {
    "hello": ("ok",) * 8,
    "provision": ("wrong-state",) * 7 + (WIPED,),
    "trust": ("ok",) * 7 + (WIPED,),
    "attest": ("ok",) * 7 + (WIPED,),
    "token-request": ("ok",) * 7 + (WIPED,),
    "token-package": ("kept", "ok", "kept", "kept", "kept", "ok", "kept", WIPED),
    "receipts": ("ok",) * 7 + (WIPED,),
    "notice": ("ok",) * 7 + (WIPED,),
    "token-state": ("ok",) * 7 + (WIPED,),
    "set-clock": ("ok",) * 7 + (WIPED,),
    "wallet": ("ok",) * 7 + (WIPED,),
    "card-art": ("wrong-state",) * 7 + (WIPED,),
    "own-record": ("locked", "ok", "ok", "ok", "ok", "ok", "locked", WIPED),
    "merchant-code": ("locked", "ok", "wrong-state", "wrong-state", "wrong-state", "ok", "wrong-state", WIPED),
    "merchant-payment": ("declined",) * 7 + (WIPED,),
    "app-part": ("ok",) * 7 + (WIPED,),
    "app-state": ("ok",) * 7 + (WIPED,),
    "apps": ("ok",) * 7 + (WIPED,),
    "app-remove": ("bad-input",) * 7 + (WIPED,),
    "licence": ("bad-input",) * 7 + (WIPED,),
    "revocations": ("bad-input",) * 7 + (WIPED,),
    "app-log": ("ok",) * 7 + (WIPED,),
    "developer": ("ok",) * 7 + (WIPED,),
    "app-open": ("bad-input",) * 7 + (WIPED,),
    "app-payments": ("ok",) * 7 + (WIPED,),
    "update-state": ("ok",) * 7 + (WIPED,),
    "update-part": ("ok", "ok", "wrong-state", "wrong-state", "ok", "ok", "ok", WIPED),
    "update-go": ("ok",) * 6 + ("lost", WIPED),
    "diagnose": ("ok",) * 7 + (WIPED,),
    "unknown": ("bad-input",) * 8,
    "malformed": ("bad-input",) * 8,
}


def _body(world, name):
    """(kind, body): well formed and acceptable in a state that allows it."""
    issuer, identity = world.issuer, world.services.identity
    device, service = identity.device_id, issuer.service
    made = {
        "provision": (2, lambda: {1: issuer.root.public, 2: issuer.certificate("device", identity.public)}),
        "trust": (3, lambda: issuer.certificate("token-service", service.public)),
        "token-package": (6, lambda: world.package(OTHER_TOKEN)),
        "notice": (8, lambda: issuer.notice(device, TOKEN, 1)),
        "token-state": (8, lambda: issuer.token_state(device, TOKEN, "suspended")),
    }
    plain = {
        "hello": (1, None),
        "attest": (4, bytes(16)),
        "token-request": (5, [b"token--3", service.key_id]),
        "receipts": (7, None),
        "set-clock": (9, [1_795_400_000, 480]),
        "wallet": (10, None),
        "card-art": (11, [bytes(32), 0, 1, b"x"]),
        "own-record": (12, b"\xd1\x01\x05T\x02enhi"),
        "merchant-code": (13, merchant_kit.code()),
        "merchant-payment": (14, bytes(32)),
        "app-part": (15, [sha256(b"abc"), 0, 3, b"abc"]),
        "app-state": (16, bytes(32)),
        "apps": (17, None),
        "app-remove": (18, "counter"),
        "licence": (19, [b"", b""]),
        "revocations": (20, b""),
        "app-log": (21, 0),
        "developer": (22, [issuer.service.public, "Ada"]),
        "app-open": (23, "counter"),
        "app-payments": (24, []),
        "update-state": (25, None),
        "update-part": (26, [sha256(b"abc"), 0, 3, b"abc"]),
        "update-go": (27, bytes(32)),
        "diagnose": (28, None),
        "unknown": (29, None),
        "malformed": (1.5, None),
    }
    if name in plain:
        return plain[name]
    kind, make = made[name]
    return kind, make()


class _Show:
    """The wearer's side without screens."""

    def __init__(self, services):
        self._services = services

    def notice(self, data):
        self._services.notices.receive(data)

    def merchant_code(self, text):
        self._services.guard.expect_worn()
        return self._services.merchants.stage(text)


class _Runs:
    """Nothing runs."""

    def in_front(self):
        return ""

    def end_void(self):
        """There is nothing to end."""


def _apps(services):
    """What answers the messages about apps, without tasks: nothing goes on after the answer."""
    draft = Draft(FOLDER, services.clock.ticks_ms)
    installs = Installs(services, draft, lambda work: work.close(), None, print, print)
    return AppMessages(services, installs, Enrolling(services, print, print), _Runs()).handlers()


def _exchange(world):
    services, board = world.services, world.board
    if board.slots is None:
        furnish(board)
    more = _apps(services)
    more.update(UpdateFlow(board, services, Log(services.clock)).handlers())
    more.update(Diagnosis(board, services.clock).handlers())
    return Exchange(Answers(board.info, board.secret.kind, services, _Show(services), more).handlers())


def _reach(world, state):
    guard = world.services.guard
    if state == "locked":
        guard.lock()
    elif state in ("armed", "tapping"):
        world.services.wallet.arm()
        if state == "tapping":
            guard.select()
    elif state == "wiping":
        guard.wipe()
    elif state == "lost":
        guard.lose(world.issuer.service.key_id, "", {})
    elif state != "worn":
        guard._move(WAY[state][0])
    assert guard.state == state


def _status(world, kind, body):
    message = b"\x83\xfb" if kind == 1.5 else cbor.encode([kind, 7, body])
    answer = cbor.decode(_exchange(world).answer(message))
    assert len(answer) == 4 and answer[2] != "error", answer
    return answer[2]


def test_every_message_in_every_state():
    cells = 0
    for name, row in EXPECTED.items():
        for state, expected in zip(STATES, row):
            world = ready()
            kind, body = _body(world, name)
            _reach(world, state)
            left = 0 if state == "wiping" else world.services.guard.tries_left()
            status = _status(world, kind, body)
            assert status == expected, f"{name} while {state}: {status}, expected {expected}"
            after = world.services.guard.state
            # Only the bank's word on a card ends an arming, and express makes room for what needs a worn watch and
            # begins again by itself; nothing else moves the state, and nothing unlocks.
            ended = (name == "token-state" and state in ("armed", "tapping")) or (
                name in ("token-package", "token-state", "merchant-code") and state == "express"
            )
            assert after == (states.WORN if ended else state), f"{name} while {state} led to {after}"
            assert state == "wiping" or world.services.guard.tries_left() == left
            cells += 1
    print(f"NOTE exchange: {cells} cells of messages by states, 0 other answers, 0 states left")


def test_bodies_of_every_other_type_are_refused():
    """Each kind with each type of body that it does not take: a declared error and no change."""
    world = ready()
    wrong = (None, True, -1, 1 << 63, "text", b"", b"\0" * 16, [], [None, None], {}, {1: None, 2: None}, [[[]]])
    tried = 0
    for kind in (messages.PROVISION, messages.TRUST, messages.TOKEN_REQUEST, messages.TOKEN_PACKAGE, messages.NOTICE):
        for body in wrong:
            status = _status(world, kind, body)
            assert status not in ("ok", "kept"), f"kind {kind} took {body!r}"
            tried += 1
    print(f"NOTE exchange: {tried} bodies of the wrong type refused")


def _with_numbers(body):
    """The body with each of its whole numbers replaced by each of the extremes, one at a time."""
    if isinstance(body, bool) or not isinstance(body, (int, list, dict)):
        return
    if isinstance(body, int):
        yield from EXTREMES
        return
    for key in range(len(body)) if isinstance(body, list) else body:
        for changed in _with_numbers(body[key]):
            copy = body[:] if isinstance(body, list) else dict(body)
            copy[key] = changed
            yield copy


def test_a_number_of_any_size_is_compared_before_it_is_used():
    """As a place, a length or a time: an answer, or a declared error, never one of the interpreter."""
    world, tried = ready(), 0
    for name in EXPECTED:
        if name in ("hello", "wipe"):
            continue
        kind, body = _body(world, name)
        for changed in list(_with_numbers(body)) + list(EXTREMES):
            _status(world, kind, changed)
            tried += 1
    print(f"NOTE exchange: {tried} bodies with numbers at the edges of 31, 32, 63 and 64 bits")
    assert tried > len(EXPECTED) * len(EXTREMES)


def test_every_card_event_in_every_state():
    cells = 0
    for state in STATES:
        for event in ("select", "deselect", "moved", "arm", "disarm"):
            world = ready()
            _reach(world, state)
            guard = world.services.guard
            before = guard.state
            act = getattr(guard, event)
            try:
                act()
            except (StateError, LockedError):
                assert guard.state == before, f"{event} while {state}"
            allowed = {before, states.TABLE[before].moves.get(event)}
            if before == states.EXPRESS:
                allowed.add(states.ARMED)  # express makes room for a press, the session still alive
            assert guard.state in allowed, f"{event} while {state} led to {guard.state}"
            if guard.state not in (states.ARMED, states.TAPPING):
                assert not world.services.wallet.armed, f"{event} while {state} left keys"
            cells += 1
    print(f"NOTE access: {cells} cells of card events by states")
