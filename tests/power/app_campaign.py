"""Cuts what the shelf does at every write of the journal and of the files, then cuts the boot after it.

Each deed is one record. At whatever write the power goes, the next boot must find all apps, licences, lists and keys as
they were before the deed or as they are after it; every app opens, and no file is there that belongs to none.
"""

from support.bundles import Home, content

from tests.firmware.storage.norflash import RANDOM, Cut, PowerCut
from tests.power.appflash import PLACE, Flashes, Supply
from tests.power.campaign import LONG
from tests.power.verified import Failed, Verified
from watch.kernel.errors import StorageError, WatchError


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
            flashes.supply.count = 0
            act(watch)
            self.writes = flashes.supply.count
            after = flashes.images()
        with Flashes(after) as flashes:
            self.after = facts(boot(flashes, cast))
        if self.before == self.after:
            raise Failed("the deed changes nothing")

    def cut(self):
        """Lose the power at every write. Raises Failed."""
        for at in range(self.writes):
            patterns = Cut.FIXED + (RANDOM if LONG else RANDOM[at % len(RANDOM) :][:1])
            for pattern in patterns:
                self._cut(at, pattern)
        return self

    def fail(self):
        """Refuse every write once, and from there on. Raises Failed if a failure passes for a success."""
        for at in range(self.writes):
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

    def _cut(self, at, pattern):
        images, _ = self._attempt(Supply(at, pattern))
        self.first += 1
        where = "cut at %d of %d, pattern %d" % (at, self.writes, pattern)
        writes = self._expect(images, where)
        step = 1 if LONG else max(1, writes // 2)
        for again in range(self.first % step, writes, step):
            torn = self._cut_boot(images, again, 2 + self.second % 8)
            self.second += 1
            self._expect(torn, where + ", again at %d" % again)

    def _cut_boot(self, images, at, pattern):
        with Flashes(images, Supply(at, pattern)) as flashes:
            cut = False
            try:
                boot(flashes, self.cast)
            except (PowerCut, StorageError):
                cut = True
            if not cut and not flashes.supply.dead:
                raise Failed("no second cut at %d" % at)
            return flashes.images()

    def _fail(self, at, lasting):
        images, done = self._attempt(Supply(at, 0, True, lasting))
        where = "refused at %d of %d%s" % (at, self.writes, " and ever after" if lasting else "")
        self.first += 1
        self.reported += not done
        self._expect(images, where, (self.after,) if done else (self.before, self.after))

    def _expect(self, images, where, allowed=None):
        """Boot twice; both find the same, which is allowed. Returns the writes of the first boot."""
        found, writes = self._verified.twice(images, where)
        if found not in (allowed or (self.before, self.after)):
            raise Failed(where + ": it said that it was done, and the boot finds what was before")
        return writes

    def _boot(self, images, where):
        """What a boot finds, either state as a whole; its writes; the images after it."""
        try:
            with Flashes(images) as flashes:
                found = facts(boot(flashes, self.cast))
                writes, images = flashes.supply.count, flashes.images()
        except WatchError as error:
            raise Failed("%s: failed boot, %r" % (where, error))  # noqa: B904 - MicroPython keeps no cause
        for state in (self.before, self.after):
            if found == state:
                return state, writes, images
        raise Failed("%s: lost or mixed: %s" % (where, [name for name in found if found[name] != self.before[name]]))
