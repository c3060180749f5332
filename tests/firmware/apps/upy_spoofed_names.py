"""Names that pass for those of the watch or of another app, and names with what nobody sees."""

from support.bundles import CODE, manifest

from watch.apps.shelf.look_alikes import folded
from watch.apps.shelf.manifest import Manifest
from watch.apps.shelf.taken_names import expect_free, expect_other
from watch.kernel.errors import BundleError, TakenError

SHARE = "mutants"
OTHERS = ("Torch", "Timer", "Music", "手电筒")
SPOOFED = (
    # Capitals, spaces, signs, full width.
    "Pay PAY pay Ｐａｙ P.a.y P-a-y Pay! Pay. Pay® pAY Wallet… [Wallet] Ⅰnfo_Tapwatch Tap-watch TAPWATCH Tap.watch",
    # Figures and pairs of letters.
    "Wa11et Wal|et Wal!et VVallet 5ettings Settin9s Sett1ngs 8ank Unl0ck UnIock P1N 7apwatch Passc0de T1mer",
    "Tirner T0rch",
    # Accents.
    "Páy Päy Paý Wállet Wallét Waľłet Wałłet Šettings Seŧŧings Çards Ćards Bànk Łock Ünlock Ťimer Timér Musìc Tørch",
    # Greek and Cyrillic.
    "Раy Pаy Ρay РАУ РАΥ Wаllеt Ѕettings Sеttіngs Сards Cагds Ваnk Βank Bαnk ΡΙΝ Stοre Stоге Sуstem Тapwatch Тарwаtсһ",
    "Develoρer Dеvеlореr Muѕic Тorch Τimer Passсоdе Ҫards Ӏock Wӓllet Kеy_Tapwatch",
    # Chinese.
    "密码 我的密码 钱包 设置 手电筒 手·电筒 【钱包】",
)
"""Names with spaces have `_` in their place here."""
UNSEEN = (
    (0x00, 0x1B, 0x7F, 0x85, 0xA0, 0xAD, 0x0301, 0x0332, 0x034F, 0x0483, 0x061C, 0x115F, 0x17B4, 0x180E, 0x1DC0)
    + (0x2003, 0x200B, 0x200D, 0x200E, 0x202A, 0x202E, 0x202F, 0x2060, 0x2066, 0x20DD, 0x2800, 0x3000, 0x3099, 0x3164)
    + (0xE000, 0xF8FF, 0xFE0F, 0xFE20, 0xFEFF, 0xFFA0, 0xFFF9, 0x1F4B3)
)
FREE = ("Tide", "2048", "Kalendář", "Погода", "Καιρός", "计数器", "Payday", "My cards game", "Torch relay", "Été")


def _taken(name):
    try:
        expect_free([name])
        expect_other([name], "torch", OTHERS)
    except TakenError:
        return True
    return False


def _names(english):
    return Manifest(manifest({"app.mpy": CODE}, names={"en": english, "zh": "\u706f"}))


def test_what_passes_for_another_name_is_taken():
    spoofed = [name.replace("_", " ") for line in SPOOFED for name in line.split()]
    passed = [name for name in spoofed if not _taken(name)]
    assert not passed, passed
    print("NOTE spoofed names: %d tried, %d passed" % (len(spoofed), len(passed)))


def test_what_nobody_sees_is_in_no_name():
    for code in UNSEEN:
        for name in ("Pay" + chr(code), chr(code) + "Pay", "P" + chr(code) + "ay"):
            try:
                _names(name)
            except BundleError:
                continue
            raise AssertionError("%04X is in a name" % code)
    print("NOTE spoofed names: %d characters that nobody sees refused" % len(UNSEEN))


def test_other_names_are_free():
    for name in FREE:
        assert not _taken(name) and _names(name).name("en") == name, name
        assert folded(name)
