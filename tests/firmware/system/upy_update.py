"""A system image comes onto a whole watch: parts, question, work beside the tasks, restart, proof or the way back."""

import asyncio
import gc
import os

from support import scrubbing
from support.worn import ready_board

from tests.firmware.payment.card_kit import select
from tests.firmware.storage.norflash import NorFlash
from tests.firmware.system.update_desk import FOLDER, Updater, made, old
from tests.firmware.update.image_kit import contents, delta
from watch.access import states
from watch.crypto.hashes import sha256
from watch.exchange import messages
from watch.kernel.errors import StorageError
from watch.kernel.loop import run
from watch.kernel.virtual import VirtualTime
from watch.services.offers import DEADLINE_MS, PLACES, Removal
from watch.storage import records
from watch.system.broken import BrokenWatch
from watch.system.main import build
from watch.system.updating import course as course_room
from watch.system.updating import proving as proving_room
from watch.update import files
from watch.update.slots import EMPTY, FAILED, PROVED, TRIAL

scrubbing.leave_out()
SHARE = "flash and update"


def next_start(one, version="1.1.0", change=None, **given):
    """The watch at its next start: other RAM, the same slots. `change`: what `boot.py` writes down."""
    board = ready_board()
    board.slots = NorFlash(2, bytes(one.board.slots.image))
    info = board.info
    info.slots, info.name, info.version = FOLDER, one.board.info.name, version
    if change is not None:
        change(board)
    return Updater(board, **given)


def tried(**given):
    """A watch that has just restarted for an image on trial."""
    one = Updater()
    one.offer(made()).agree().settle().wait(2)
    assert one.restarts == 1
    return next_start(one, **given)


def rolled_back(board):
    """`boot.py` has given slot `b` up."""
    from watch.update.slots import Slots

    slots = Slots(board.slots)
    record = slots.record()
    record.active = 0
    slots._change(record, 1, FAILED, record.lengths[1], record.digests[1])


def test_an_image_comes_and_the_watch_restarts_for_it():
    one, new = Updater(), made()
    state = one.state()
    assert [state[key] for key in (1, 2, 3, 4, 5, 6, 7, 8)] == [
        "1.0.0",
        "development",
        "a",
        "proved",
        sha256(old())[:8],
        None,
        "lilygo_twatch_ultra",
        "0.0.0",
    ]
    assert one.go(new) == ("ok", ["unknown", 0])
    one.offer(new)
    assert one.screen == "update" and one.go(new) == ("ok", ["asked", 100])
    assert one.texts()[1].startswith("1.1.0") and "This watch runs 1.0.0." in one.texts()[2]
    assert "open to any computer" in one.texts()[2] and one.state()[6] == [sha256(new), len(new), len(new)]
    one.agree()
    assert one.screen == "updating"
    one.settle()
    assert one.go(new) == ("ok", ["restarting", 100]) and one.texts()[0] == "100" and one.restarts == 0
    assert one.send(new)[0] == "wrong-state"
    assert [one.state()[key] for key in (3, 4, 5)] == ["a", "proved", sha256(old())[:8]], "what runs until the restart"
    one.wait(2)
    assert one.restarts == 1 and one.record() == (1, [PROVED, TRIAL]) and one.services.guard.state == states.LOCKED


def test_a_system_on_trial_proves_itself_after_its_first_frame():
    one = tried(unlocked=False)
    assert one.state()[4] == "trial" and one.record() == (1, [PROVED, TRIAL])
    one.settle()
    assert one.record() == (1, [PROVED, PROVED]) and one.state()[4] == "proved"
    assert one.screen == "update-done" and "This is version 1.1.0 now." in one.texts()
    assert one.services.sealed.read(records.UPDATE_FLOOR) == [1, 0, 0] and one.state()[8] == "1.0.0"
    one.watch.navigator.button("single")
    again = next_start(one).wait(1)
    assert again.settle().screen == "face", "it is told once"


class Dog:
    """`ports.Watchdog` that tells when it was called off."""

    def __init__(self):
        self.settled = 0

    def settle(self):
        self.settled += 1

    def begin(self, note, timeout_ms):
        pass

    def end(self):
        pass

    def note(self):
        return b""


def watched(board):
    """Every start is watched by boot.py."""
    board.watchdog = Dog()


def test_no_frame_no_proof():
    one = tried(change=watched)
    one.proving._frame.clear()
    one.proving._frame.set = lambda: None
    one.settle()
    assert one.record() == (1, [PROVED, TRIAL]) and not one.board.watchdog.settled


def test_each_device_keeps_a_system_from_being_kept():
    def panel(board):
        board.vital, board.findings = {"panel": "CO5300"}, [("CO5300 light", "does not answer")]

    def touch(board):
        board.vital, board.findings = {"touch": "FT6336U"}, [("FT6336U", "does not answer")]

    def radio(board):
        board.vital, board.nfc, board.findings = {"radio": "ST25R3916"}, None, [("ST25R3916", "does not answer")]

    def mute(board):
        def field():
            raise OSError(5)

        board.nfc.arm, board.nfc.field = print, field

    for change in (panel, touch, radio):
        one = tried(change=change)
        one.settle()
        assert one.restarts == 1 and one.record() == (1, [PROVED, TRIAL]), change.__name__
    one = tried()
    one.board.nfc.field = lambda: 1 // 0
    one.settle()
    assert one.restarts == 1, "radio"
    one = tried()
    one.services.sealed.read = lambda record: None
    one.settle()
    assert one.restarts == 1, "vault"
    one = tried(change=lambda board: board.findings.append(("DRV2605", "does not answer")))
    one.settle()
    assert one.restarts == 0 and one.record()[1][1] == PROVED, "a motor is not vital"
    print("NOTE update: 5 devices that fail keep a system on trial from being kept; one that is not vital does not")


def test_a_trial_that_hangs_ends_in_a_restart():
    one = tried()
    one.proving._checks[0] = ("panel", lambda: iter(lambda: None, 1))
    limit, proving_room.TRIAL_MS = proving_room.TRIAL_MS, 30
    try:
        one.settle(3_000)
    finally:
        proving_room.TRIAL_MS = limit
    assert one.restarts == 1 and one.record() == (1, [PROVED, TRIAL])


def test_a_system_on_trial_does_not_restart_over_a_payment():
    one = tried(change=lambda board: setattr(board, "vital", {"panel": "X"}))
    one.board.findings.append(("X", "is dark"))
    one.watch.navigator.button("double")
    one.step()
    assert one.services.guard.state == states.ARMED
    one.settle()
    assert one.restarts == 0


def test_the_way_back_is_told_until_it_was_read():
    one = tried()
    back = next_start(one, "1.0.0", rolled_back, unlocked=False)
    back.settle()
    assert back.screen == "update-rolled-back" and "Version 1.1.0 did not start well" in back.texts()[1]
    assert back.record() == (0, [PROVED, FAILED])
    unread = next_start(back, "1.0.0", unlocked=False)
    unread.settle()
    assert unread.screen == "update-rolled-back", "nobody had read it"
    unread.watch.navigator.button("single")
    assert unread.record() == (0, [PROVED, EMPTY]) and unread.screen == "face"
    assert next_start(unread, "1.0.0").settle().screen == "face"


def test_the_wearer_is_asked_early_and_the_rest_comes_meanwhile():
    one, new = Updater(), made()
    assert one.send(new, until=2048) == ("ok", 2048)
    one.go(new)
    one.settle()
    assert one.screen == "update" and one.go(new) == ("ok", ["asked", 100 * 2048 // len(new)])
    assert one.send(new, 2048, 4096) == ("ok", 4096)
    one.agree().settle()
    assert one.go(new)[1][0] == "asked" and one.screen == "updating"
    one.wait(1)
    assert 0 < int(one.texts()[0]) < 50
    assert one.send(new, 4096) == ("ok", len(new))
    one.settle()
    assert one.go(new) == ("ok", ["restarting", 100])


def test_a_sender_that_has_gone_is_waited_for_and_may_come_back():
    one, new = Updater(), made()
    one.send(new, until=2048)
    one.go(new)
    one.settle().agree()
    one.wait(course_room.PATIENCE_MS // 1000 + 1)
    assert one.screen == "update-failed" and one.go(new)[1][0] == "coming"
    one.watch.navigator.button("single")
    assert one.state()[6] == [sha256(new), 2048, len(new)], "nothing is lost"
    one.settle()
    assert one.screen == "update", "asked again"
    again = next_start(one, "1.0.0")
    assert again.state()[6] == [sha256(new), 2048, len(new)], "nor by a restart"
    assert again.send(new, 2048)[0] == "ok"
    again.go(new)
    again.settle().agree().settle().wait(2)
    assert again.restarts == 1


def test_no_is_no_and_so_is_silence():
    for no in (lambda one: one.wait(1).answer("no"), lambda one: one.wait(DEADLINE_MS // 1000 + 1)):
        one, new = Updater(), made()
        one.offer(new)
        no(one)
        assert one.go(new) == ("ok", ["declined", 100]) and one.screen == "face" and one.state()[6] is None
        one.offer(new)
        assert one.screen == "update", "it may be brought again"


def test_a_locked_watch_wants_the_passcode_and_a_lost_one_none_of_it():
    one, new = Updater(unlocked=False), made()
    one.offer(new).agree()
    assert one.screen == "passcode"
    asyncio.run(one.enter())
    one.step()
    assert one.screen == "update"
    one.agree().settle()
    assert one.go(new)[1][0] == "restarting"
    lost = Updater()
    lost.services.guard.lose(bytes(8), "", {})
    assert lost.send(new)[0] == "ok" and lost.go(new)[0] == "lost" and lost.state()[4] == "proved"


def test_below_a_third_of_charge_the_answer_can_only_be_no():
    one, new = Updater(), made()
    one.board.power.percent = lambda: 20
    one.offer(new)
    assert [target[0] for target in one.watch.stack.top.targets()] == ["no"]
    one.board.power.percent = lambda: 30
    one.wait(1).agree()
    one.board.power.percent = lambda: 5
    one.settle().wait(2)
    assert one.restarts == 1, "what has begun goes on"


def test_while_a_card_is_armed_the_work_rests():
    one, new = Updater(), made()
    one.offer(new).agree()
    one.settle(1)
    one.watch.navigator.button("double")
    one.step()
    assert one.services.guard.state == states.ARMED and one.go(new)[1][0] in ("asked", "writing")
    one.settle().wait(3)
    assert one.go(new)[1][0] in ("asked", "writing") and one.restarts == 0
    assert one.send(made(f2=[1, 1, 1]))[0] == "wrong-state"
    one.services.wallet.disarm()
    one.settle()
    assert one.go(new)[1][0] == "restarting"
    one.watch.navigator.button("double")
    one.step()
    one.wait(3)
    assert one.restarts == 0, "not while a card is armed"
    one.services.wallet.disarm()
    one.wait(2)
    assert one.restarts == 1


def test_whatever_is_wrong_is_told_and_nobody_is_asked():
    good = made()
    wrong = {
        "update-damaged": good[:-1] + bytes((good[-1] ^ 1,)),
        "update-signer": made(f5="release"),
        "update-version": made(f2=[0, 9, 0], f3=[0, 1, 0]),
        "update-board": made(f1="other"),
        "update-base": delta(made(contents(), f2=[1, 0, 5]), made(contents())),
    }
    for code, data in wrong.items():
        one = Updater()
        one.offer(data)
        if code == "update-damaged":  # the head is good, so the wearer is asked; then all of it is checked
            one.agree().settle()
            assert one.screen == "update-failed"
        else:
            assert one.screen == "face", code
        assert one.go(data) == ("ok", [code, 100]) and one.record() == (0, [PROVED, EMPTY]), code
        assert one.offer(good).screen in ("update", "update-failed")
    print("NOTE update: %d kinds of bad images over messages, each with its word, none switched to" % len(wrong))


def test_a_delta_becomes_the_system():
    one, new = Updater(), made(contents(), f2=[1, 0, 1])
    small = delta(old(), new)
    one.offer(small).agree().settle().wait(2)
    assert one.restarts == 1 and os.stat(FOLDER + "/b.twi")[6] == len(new)


def test_what_cannot_be_written_may_be_tried_again():
    one, new = Updater(), made()
    one.offer(new).agree()
    rename = files.rename

    def broken(path, other):
        raise StorageError("no")

    files.rename = broken
    try:
        one.settle()
    finally:
        files.rename = rename
    assert one.screen == "update-failed" and one.record() == (0, [PROVED, EMPTY])
    assert one.go(new) == ("ok", ["storage", 100]), one.go(new)
    one.watch.navigator.button("single")
    assert one.go(new)[1][0] == "coming"
    one.settle().agree().settle().wait(2)
    assert one.restarts == 1


def test_what_has_come_and_is_lost_ends_the_question():
    one, new = Updater(), made()
    one.send(new, until=2048)
    one.go(new)
    one.settle().agree()
    os.remove(FOLDER + "/update.part")
    os.mkdir(FOLDER + "/update.part")
    try:
        assert one.send(new, 2048, 4096)[0].startswith("storage")
    finally:
        os.rmdir(FOLDER + "/update.part")
    one.step()
    assert one.screen == "update-failed" and one.send(new)[0] == "ok"


def test_a_question_that_finds_no_room_is_asked_later():
    one, new = Updater(), made()
    offers = one.services.offers
    for _ in range(PLACES):
        offers.put(Removal(offers.next_number(), _nobody, "Tides"))
    one.offer(new)
    assert one.go(new)[1][0] == "asked" and one.screen == "remove"
    offers.clear()
    one.go(new)
    one.wait(1)
    assert one.screen == "update"
    one.agree().settle()
    assert one.go(new)[1][0] == "restarting"


def test_a_watch_that_erases_itself_forgets_it():
    one, new = Updater(), made()
    one.offer(new).agree()
    one.settle(2)
    one.services.guard.wipe()
    one.settle().wait(3)
    assert one.go(new)[0] == "wiped" and one.restarts == 0
    assert sorted(os.listdir(FOLDER)) == ["a.twi"] and one.record() == (0, [PROVED, EMPTY])


def test_a_reader_is_served_while_an_image_is_checked():
    """Between two steps, each of which takes 16 KB; the most that a reader waits is one step."""
    one, new = Updater(), made(contents(400_000))
    one.offer(new).agree()
    seen = []

    async def reader():
        serving = [asyncio.create_task(one.flow._serve()), asyncio.create_task(one.watch._session.serve())]
        for _ in range(2_000):
            await asyncio.sleep(0)
            state = one.go(new)[1]
            if state[0] == "writing" and 20 < state[1] < 60 and not seen:
                seen.append(state[1])
                one.board.nfc.frames = [b"\xe0\x80", b"\x02" + select(b"2PAY.SYS.DDF01")]
                one.board.nfc.callback()
            elif seen and one.board.nfc.sent == 2 and len(seen) == 1:
                seen.append(state[1])
            if state[0] == "restarting":
                break
        for task in serving:
            task.cancel()

    run(reader())
    assert len(seen) == 2 and seen[1] < 100, seen
    bytes_between = (seen[1] - seen[0]) * len(new) // 100
    print(
        "NOTE update.tap_wait_bytes %d: what is checked from a reader's first frame to the second answer"
        % bytes_between
    )
    assert bytes_between <= 65_536


def test_a_vault_that_does_not_open_ends_a_trial_and_no_proved_system():
    for state, restarts in ((TRIAL, 1), (PROVED, 0)):
        one = Updater(state=state)
        board = one.board
        board.flash.read = _unreadable
        watched(board)
        board.slots.program(256, b"\x7f")
        watch = build(board)
        assert isinstance(watch, BrokenWatch)
        time = VirtualTime(board.clock.ticks_ms)
        run(_for_a_while(watch), time)
        marks = bytes(board.slots.image[256:258])
        assert board.watchdog.settled == 1 - restarts
        assert one.restarts == restarts and marks == (b"\x7f\xff" if restarts else b"\x00\xff"), (state, marks)


def _refused(*arguments):
    raise OSError(5)


def _nobody(answer):
    """Whoever asked does not listen."""


def _unreadable(address, into):
    raise OSError(5)


async def _for_a_while(watch):
    task = asyncio.create_task(watch.run())
    await asyncio.sleep_ms(5_050)
    task.cancel()


def test_a_diagnosis_has_no_secret_and_all_findings():
    one = Updater(on=lambda board: board.findings.append(("DRV2605", "does not answer")))
    status, said = one.ask(messages.DIAGNOSE)
    assert status == "ok" and sorted(said) == list(range(1, 14))
    assert (said[1], said[2], said[3]) == ("lilygo_twatch_ultra", "1.0.0", "development")
    assert ["DRV2605", "does not answer"] in said[4] and ["nfc", ""] in said[4]
    assert (said[5], said[6], said[9], said[10], said[13]) == (100, False, "software", False, None)
    assert said[7] > 0 and said[8] > 0 and said[11] >= 0
    one.board.clock.now_us += 90_000_000
    assert one.ask(messages.DIAGNOSE)[1][11] == said[11] + 90
    one.board.nfc = None
    assert one.ask(messages.DIAGNOSE)[1][10] is None


def test_updates_that_are_refused_leave_no_heap_behind():
    one, new = Updater(), made()
    one.board.haptics.play = _nobody  # the board of the tests notes each
    used = []
    for _ in range(8):
        one.offer(new).wait(1).answer("no").settle()
        one.go(sha256(b"another"))
        gc.collect()
        used.append(gc.mem_alloc())
    grown = min(used[4:]) - min(used[1:4])
    print("NOTE heap: 4 updates that are refused grew it by %d bytes" % grown)
    assert grown <= 0, used


def test_the_watchdog_of_a_start_is_called_off_by_a_system_that_is_up():
    one = tried(change=watched)
    dog = one.board.watchdog
    one.watch.navigator.tick()
    assert not dog.settled, "on trial a frame is not enough"
    one.settle()
    assert dog.settled == 1 and one.record() == (1, [PROVED, PROVED])
    again = next_start(one, change=watched)
    again.watch.navigator.tick()
    assert again.board.watchdog.settled == 1
    again.settle()
    assert again.board.watchdog.settled == 1, "once"


def test_a_trial_that_does_not_answer_stays_watched():
    def silent(board):
        watched(board)
        board.vital, board.findings = {"panel": "CO5300"}, [("CO5300 light", "does not answer")]

    one = tried(change=silent)
    one.settle()
    assert one.restarts == 1 and not one.board.watchdog.settled


def test_a_record_that_takes_nothing_is_no_reason_to_reset_for_ever():
    def refusing(board):
        watched(board)
        board.slots.program = board.slots.erase = _refused

    one = tried(change=refusing)
    one.settle()
    assert one.board.watchdog.settled == 1
