"""Names that are taken: those of other apps, and words by which the watch speaks of itself.

What looks alike counts as the same: capitals, spaces and signs between letters, full-width forms, figures that pass for
letters, accents, and Greek and Cyrillic letters that the fonts of the watch draw like Latin ones.
"""

from micropython import const

from watch.apps.shelf.look_alikes import folded
from watch.kernel.errors import TakenError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Iterable

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
