"""A thief who owns the power supply: guesses bought by cutting it around the passcode check, at every point (R2)."""

from tests.firmware.storage.norflash import RANDOM, Cut, NorFlash, PowerCut, noise
from tests.power.campaign import LONG
from tests.power.service_campaign import FlashWorld, fresh, opens
from watch.access.lock import MAX_TRIES, PasscodeLock
from watch.access.passcode import MIN_ROUNDS
from watch.kernel.errors import StorageError, WatchError

SHARE = "cuts and faults"
TIMEOUT_S = 240
_MOST_BOOTS = 40


class Thief:
    """Boots, waits, guesses and cuts, over and over, until there is no passcode left to guess."""

    def __init__(self, image):
        self.image = image
        self.guesses = 0
        self.boots = 0
        self.issuer = None

    def steal(self, cut_of):
        """`cut_of(boot)` gives the cut of each boot. Returns the guesses that were checked."""
        while self.boots < _MOST_BOOTS:
            flash = NorFlash(len(self.image) // 4096, self.image)
            flash.fault = cut_of(self.boots)
            self.boots += 1
            try:
                there = self._one_boot(flash)
            except (PowerCut, StorageError):
                there = True
            self.image = flash.image
            if not there:
                break
        return self.guesses

    def _one_boot(self, flash):
        """Guess until the power goes; False once there is nothing to guess."""
        world = FlashWorld(None, self.issuer, flash)
        guard = world.services.guard
        secret = CountingSecret(world.board.secret)
        guard._lock._secret = secret
        while guard.has_passcode() and guard.tries_left():
            world.board.clock.now_us += guard.wait_ms() * 1000
            before = secret.calls
            try:
                opens(world, b"0000")
            except (PowerCut, WatchError):
                if flash.dead:
                    raise
            finally:
                self.guesses += secret.calls - before >= MIN_ROUNDS
        return guard.has_passcode()


class CountingSecret:
    """The oracle, counting: a guess counts once its whole chain has run, whatever the watch says then."""

    def __init__(self, secret):
        self.kind = secret.kind
        self.calls = 0
        self._secret = secret

    def hmac(self, data):
        self.calls += 1
        return self._secret.hmac(data)


def _watch():
    return fresh().provision().set_passcode().board.flash.image


def _most(image, sequences):
    return max([Thief(image).steal(sequence) for sequence in sequences])


def test_cuts_buy_no_guess():
    image = _watch()
    patterns = Cut.FIXED + RANDOM
    points = [(at, pattern) for at in range(48) for pattern in patterns if LONG or (at + pattern) % 5 == 0]
    steady = [lambda boot, at=at, pattern=pattern: Cut(at, pattern) for at, pattern in points]
    most = _most(image, steady)
    print(f"NOTE guesses bought by cuts: {most} of {MAX_TRIES}, same cut at every boot, {len(steady)} strategies")
    assert most <= MAX_TRIES
    count = 2000 if LONG else 60
    wild = [lambda boot, n=n: Cut(noise(n, boot, 1)[0] % 24, patterns[noise(n, boot, 2)[1] % 10]) for n in range(count)]
    most = _most(image, wild)
    print(f"NOTE guesses bought by cuts: {most} of {MAX_TRIES}, another cut at each boot, {count} strategies")
    assert most <= MAX_TRIES


def test_the_thief_notices_a_try_that_is_written_late():
    plain = PasscodeLock.open

    async def checks_first(self, passcode):
        await self._unwrap(self._read(), passcode)
        return await plain(self, passcode)

    PasscodeLock.open = checks_first
    try:
        most = _most(_watch(), [lambda boot: Cut(0, 0)])
    finally:
        PasscodeLock.open = plain
    print(f"NOTE guesses bought by cuts when the check comes before the count: {most} in {_MOST_BOOTS} boots")
    assert most > MAX_TRIES
