"""Cuts what the shelf does at every write of the journal and of the files, then cuts the boot after it.

Each deed is one record. At whatever write the power goes, the next boot must find all apps, licences, lists and keys as
they were before the deed or as they are after it; every app opens, and no file is there that belongs to none.
"""

from support.bundles import Home, content

from tests.firmware.storage.norflash import RANDOM, Cut, PowerCut
from tests.power.appflash import PLACE, Flashes, Supply, cuts
from tests.power.campaign import LONG
from tests.power.tape import SameEveryTime
from tests.power.verified import Failed, Verified
from watch.crypto import random as random_room
from watch.kernel.errors import StorageError, WatchError

random_room.os = SameEveryTime


def boot(flashes, cast, firmware="build/tests/cuts"):
    """A watch on these flashes, which must be mounted."""
    watch = Home(firmware, flashes.nor, PLACE)
    watch.root = cast.root.public
    watch.shelf.tidy()
    return watch


def facts(watch):
    """All that a cut could lose or mix."""
    shelf, parts = watch.shelf, watch.parts
    apps = {one.id: [one.fields(), shelf.open(one.id).digest()] for one in shelf.installed()}
    return {
        "apps": apps,
        "licences": sorted([one.fields() for one in parts.licences._known() if one is not None]),
        "revoked": parts.revocations._known(),
        "developers": [[one.public, one.name] for one in parts.developers.all()],
        "versions": watch.facts.read(0x0602),
        "settings": [watch.journal.get(0x0480 + place) for place in range(32)],
        "files": content(PLACE + "/data"),
        "bundles": sorted(content(PLACE + "/apps")),
    }


class Deed:
    """One deed, `act(watch)`, on one watch that `prepare(watch)` has made ready."""

    def __init__(self, cast, prepare, act):
        self.cast, self.act = cast, act
        with Flashes() as flashes:
            prepare(boot(flashes, cast))
            self.images = flashes.images()
        self.first = self.second = self.reported = 0
        self._verified = Verified(self._boot)
        with Flashes(self.images) as flashes:
            self.before = facts(boot(flashes, cast))
        with Flashes(self.images) as flashes:
            watch = boot(flashes, cast)
            self.ready, self.tape = flashes.images(), flashes.record()
            act(watch)
            after = flashes.images()
        with Flashes(after) as flashes:
            self.after = facts(boot(flashes, cast))
        if self.before == self.after:
            raise Failed("the deed changes nothing")

    def cut(self):
        """Lose the power at every write. Raises Failed.

        Cuts are made from tapes. The short form really plays one of the deed and one of its boots, the long form all.
        """
        for at, pattern, images in cuts(self.ready, self.tape, self._patterns):
            where = "cut at %d of %d, pattern %d" % (at, len(self.tape), pattern)
            if LONG or self.first == len(self.tape):
                self._expect_played(self._attempt(Supply(at, pattern))[0], images, where)
            self.first += 1
            self._cut_boot(images, where)
        return self

    def _patterns(self, at):
        return Cut.FIXED + (RANDOM if LONG else RANDOM[at % len(RANDOM) :][:1])

    def fail(self):
        """Refuse every write once, and from there on. Raises Failed if a failure passes for a success."""
        for at in range(len(self.tape)):
            for lasting in (False, True):
                self._fail(at, lasting)
        return self

    def _attempt(self, supply):
        """The images after a deed that met the fault; whether it said that it had succeeded."""
        with Flashes(self.images) as flashes:
            watch = boot(flashes, self.cast)
            flashes.supply.count = 0
            flashes.supply = flashes.blocks.supply = flashes.nor.fault = supply
            done = False
            try:
                self.act(watch)
                done = True
            except (PowerCut, StorageError, OSError):
                pass  # what is there then is what counts
            return flashes.images(), done

    def _cut_boot(self, images, where):
        """The boot after a cut finds what is allowed, also when it loses the power again."""
        tape = self._expect(images, where)
        step = 1 if LONG else max(1, len(tape) // 2)
        chosen = range(self.first % step, len(tape), step)
        for again, pattern, torn in cuts(images, tape, lambda at: (2 + self.second % 8,) if at in chosen else ()):
            where_again = where + ", again at %d" % again
            if LONG or not self.second:
                self._expect_played(self._booted(images, Supply(again, pattern)), torn, where_again)
            self.second += 1
            self._expect(torn, where_again)

    def _booted(self, images, supply):
        """The images after a boot that met the cut."""
        with Flashes(images, supply) as flashes:
            cut = False
            try:
                boot(flashes, self.cast)
            except (PowerCut, StorageError):
                cut = True
            if not cut and not flashes.supply.dead:
                raise Failed("no cut at %d" % supply.at)
            return flashes.images()

    def _expect_played(self, played, images, where):
        """What is really cut leaves what its tape says."""
        if played != images:
            raise Failed(where + ": the tape differs")

    def _fail(self, at, lasting):
        images, done = self._attempt(Supply(at, 0, True, lasting))
        where = "refused at %d of %d%s" % (at, len(self.tape), " and ever after" if lasting else "")
        self.first += 1
        self.reported += not done
        self._expect(images, where, (self.after,) if done else (self.before, self.after))

    def _expect(self, images, where, allowed=None):
        """Boot twice; both find the same, which is allowed. Returns the tape of the first boot."""
        found, tape = self._verified.twice(images, where)
        if found not in (allowed or (self.before, self.after)):
            raise Failed(where + ": it said that it was done, and the boot finds what was before")
        return tape

    def _boot(self, images, where):
        """What a boot finds, either state as a whole; its tape; the images after it."""
        flashes = Flashes(images)
        tape = flashes.record()
        try:
            with flashes:
                found = facts(boot(flashes, self.cast))
                images = flashes.images()
        except WatchError as error:
            raise Failed("%s: failed boot, %r" % (where, error))  # noqa: B904 - MicroPython keeps no cause
        for state in (self.before, self.after):
            if found == state:
                return state, tape, images
        raise Failed("%s: lost or mixed: %s" % (where, [name for name in found if found[name] != self.before[name]]))
