"""Names that are taken: those of other apps, and words by which the watch speaks of itself.

What looks alike counts as the same: capitals, spaces and signs between letters, full-width forms, figures that pass for
letters, and the Greek and Cyrillic letters that the fonts of the watch draw like Latin ones.
"""

from micropython import const

from watch.kernel.errors import TakenError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Iterable

_FULL_WIDTH = const(0xFF01)  # to FF5E, the same order as 21 to 7E
_FULL_WIDTH_LAST = const(0xFF5E)
_TO_ASCII = const(0xFEE0)
_BEYOND_ASCII = const(0x80)
_SIGNS = ((0x80, 0xBF), (0x2000, 0x2BFF), (0x3000, 0x303F), (0xFF5F, 0xFFEF))
"""Spaces, dots and drawings beyond ASCII."""
_DRAWN = "АВЕЗКМНОРСТХУаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανικ"
_LIKE = "ABE3KMHOPCTXYaeopcyxijsABEZHIKMNOPTYXoavik"
"""Letters, and what each of them looks like."""
_PASS_FOR = {"0": "o", "1": "l", "i": "l", "|": "l", "!": "l", "3": "e", "5": "s", "$": "s", "@": "a"}
_EVERYWHERE = ("Tapwatch", "Passcode", "密码", "口令")
"""No name may have these in it."""
_WHOLE = (
    "Wallet",
    "Pay",
    "Payment",
    "Payments",
    "Bank",
    "Card",
    "Cards",
    "Settings",
    "Setup",
    "System",
    "Security",
) + (
    "Update",
    "Unlock",
    "Lock",
    "PIN",
    "Phone link",
    "Apps",
    "Store",
    "App store",
    "Launcher",
    "Watch",
    "Bluetooth",
    "Developer",
    "钱包",
    "支付",
    "付款",
    "收款",
    "银行",
    "银行卡",
    "卡片",
    "设置",
    "系统",
    "安全",
    "更新",
    "解锁",
    "锁定",
    "应用",
    "应用商店",
    "商店",
    "手表",
    "蓝牙",
    "开发者",
)
"""No name may be one of these."""


def folded(name: str) -> str:
    """What is left of a name when all that looks alike is the same. Empty for a name of signs only."""
    plain = "".join([_plain(character) for character in name])
    return plain.replace("rn", "m").replace("vv", "w")


def _plain(character: str) -> str:
    """One character as all that look like it; nothing for a sign or a space."""
    code = ord(character)
    if _FULL_WIDTH <= code <= _FULL_WIDTH_LAST:
        code -= _TO_ASCII
    place = _DRAWN.find(chr(code))
    small = (_LIKE[place] if place >= 0 else chr(code)).lower()
    small = _PASS_FOR.get(small, small)
    if small.isalpha() or small.isdigit():
        return small
    return small if code >= _BEYOND_ASCII and not any(first <= code <= last for first, last in _SIGNS) else ""


def expect_free(names: "Iterable[str]") -> None:
    """Raise TakenError if one of the names is a word of the watch."""
    for name in names:
        plain = folded(name)
        if not plain or plain in [folded(word) for word in _WHOLE]:
            raise TakenError("%s is what the watch itself is called, or a part of it" % name)
        if any(folded(word) in plain for word in _EVERYWHERE):
            raise TakenError("%s passes for the watch itself" % name)


def expect_other(names: "Iterable[str]", app: str, others: "Iterable[str]") -> None:
    """Raise TakenError if one of the names is one of those of another app."""
    taken = [folded(other) for other in others]
    for name in names:
        if folded(name) in taken:
            raise TakenError("%s is the name of the app %s" % (name, app))
