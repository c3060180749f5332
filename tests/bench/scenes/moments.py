"""What happens around a tap: arming, unlocking, express mode, codes. On a whole watch."""

import gc

from tests.bench.scenes.marks import NOT_OURS
from tests.bench.scenes.worn import MASTERCARD, VISA, unlock, without_scrub, worn_watch
from watch.crypto.scrub import scrub
from watch.ui import qr
from watch.ui.code128 import BarCode


class _Deeds:
    """One deed a method; each leaves the watch worn."""

    def __init__(self, marks):
        self._watch, board = worn_watch()
        self._marks = marks
        self._flash = board.flash
        self.flash = {}
        self.prefix = "warm-up/"

    def do(self, name, deed, *arguments):
        """Count one deed, and what it does to the flash."""
        flash, name = self._flash, self.prefix + name
        gc.collect()
        programs, erases = flash.programs, flash.erases
        self._marks.cut(NOT_OURS)
        done = deed(*arguments)
        self._marks.cut(name)
        self.flash[name] = [flash.programs - programs, flash.erases - erases]
        return done

    def arming(self):
        """From the double press to the picture that says so, and back."""
        services = self._watch.services
        services.wallet.choose(VISA)
        self.do("arm/kernel3/press_to_shown", self._watch.navigator.button, "double")
        self.do("disarm", services.wallet.disarm)
        self.do("arm/kernel3/keys", services.wallet.arm)
        services.wallet.disarm()
        services.wallet.choose(MASTERCARD)
        self.do("arm/kernel2/keys", services.wallet.arm)
        services.wallet.disarm()

    def codes(self):
        """18 digits, and the code with a cryptogram; their pictures as modules."""
        services = self._watch.services
        digits = self.do("code/digits", services.codes.next_code, VISA)
        symbol, bars = qr.QrCode(15), BarCode()
        self.do("code/digits_qr", symbol.encode, digits, qr.QUARTILE)
        self.do("code/digits_bars", bars.encode, digits)
        services.wallet.choose(VISA)
        services.wallet.arm()
        text = self.do("code/presented", services.presented.make)
        self.do("code/presented_qr", symbol.encode, text)
        return digits, text

    def unlocking(self):
        """Lock, and enter the passcode."""
        self.do("lock", self._watch.services.guard.lock)
        self.do("unlock", unlock, self._watch)


def moments(marks):
    """Each deed once unmeasured, then once measured, without the cleaning of the heap; that by itself in the end."""
    without_scrub()
    deeds = _Deeds(marks)
    for _ in range(2):
        deeds.arming()
        digits, text = deeds.codes()
        deeds.unlocking()
        deeds.prefix = ""
    deeds.do("scrub", scrub)
    return {"flash": deeds.flash, "digits": digits, "text": text}
