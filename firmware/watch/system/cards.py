"""Looking through the cards; choosing the default, and the one for express."""

from micropython import const

from watch.screens import message
from watch.screens.cards import CardEntry, CardsScreen
from watch.screens.fields import FieldsScreen
from watch.screens.marks import marked
from watch.screens.rows import RowsScreen
from watch.system.card_faces import card_face
from watch.system.receipts import Receipts
from watch.system.view import SUCCESS

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.system.paying import Paying
    from watch.system.presenting import Presenting
    from watch.system.services import Services
    from watch.system.unlocking import Unlocking
    from watch.system.view import View

_SETTLED_MS = const(300)  # a touch before that is the second of a double one, meant for the card in the carousel


class Cards:
    """The carousel, the menu of a card, and the way to the payments made."""

    def __init__(
        self,
        view: "View",
        services: "Services",
        unlocking: "Unlocking",
        paying: "Paying",
        presenting: "Presenting",
    ) -> None:
        self._view = view
        self._services = services
        self._unlocking = unlocking
        self._paying = paying
        self._presenting = presenting
        self._receipts = Receipts(view, services)

    def browse(self) -> None:
        """Show the cards, the default one first."""
        if not self._services.wallet.tokens():
            self._view.front(message.no_card(self._view.ui, self._view.home))
            return
        self._view.front(self._carousel())

    def show_default(self) -> None:
        """Show what can be done with the card that pays by default: to arm it takes a touch, or a double press."""
        active = self._services.wallet.active()
        if active is None:
            self.browse()
        else:
            self._open(active.token_id)

    def balance(self) -> None:
        """Show what the watch knows of the money: how many payments are ready. The account is the bank's business."""
        if self._services.guard.unlocked():
            self._show_balance()
        else:
            self._unlocking.ask(self._show_balance)

    def payments(self) -> None:
        """Show the payments of all cards; they are the wearer's own business, so the watch must be open."""
        if self._services.guard.unlocked():
            self._view.front(self._receipts.history(None))
        else:
            self._unlocking.ask(lambda: self._view.front(self._receipts.history(None)))

    def _show_balance(self) -> None:
        wallet, text = self._services.wallet, self._view.ui.text.get
        token = wallet.active()
        if token is None:
            self.browse()
            return
        ready = text("card." + wallet.state(token.token_id), wallet.keys_left(token.token_id))
        fields = (
            (text("receipt.card"), "%s •••• %s" % (token.label, token.last_four)),
            (text("balance.ready"), ready),
            (text("balance.account"), text("balance.bank")),
        )
        self._view.front(FieldsScreen(self._view.ui, "balance", text("balance.title"), fields, self._view.home))

    def _carousel(self, show: bytes = b"") -> CardsScreen:
        services = self._services
        tokens, active = services.wallet.tokens(), services.wallet.active()
        chosen = services.express.chosen()
        show = show or (active.token_id if active else b"")
        entries, index = [], 0
        for place, token in enumerate(tokens):
            token_id = token.token_id
            state, left = services.wallet.state(token_id), services.wallet.keys_left(token_id)
            default = active is not None and token_id == active.token_id
            entries.append(CardEntry(card_face(services, token), state, left, default, token_id == chosen))
            if token_id == show:
                index = place
        ids = [token.token_id for token in tokens]
        return CardsScreen(self._view.ui, entries, index, lambda at: self._open(ids[at]), self._view.home)

    def _open(self, token_id: bytes) -> None:
        """The menu of one card; whoever opens it has entered the passcode. The bank may have taken the card away."""
        if self._services.guard.unlocked():
            self._view.done(lambda: self._view.deeper(self._menu(token_id)))
        else:
            self._unlocking.ask(lambda: self._show_menu(token_id))

    def _show_menu(self, token_id: bytes) -> None:
        self._view.done(lambda: self._view.front(self._menu(token_id)))

    def _menu(self, token_id: bytes) -> RowsScreen:
        services, text = self._services, self._view.ui.text.get
        token = services.vault.find(token_id)[1].token
        rows = [marked("pay", text("menu.pay"))]
        codes = services.codes.codes_left(token_id)
        if codes is not None:
            rows.append(marked("code", text("menu.code"), text("menu.codes-left", codes)))
            rows.append(marked("present", text("menu.present"), text("menu.present-about")))
        active = services.wallet.active()
        if active is not None and active.token_id != token_id:
            rows.append(marked("default", text("menu.default")))
        if token.express is not None:
            key = "menu.express-off" if services.express.chosen() == token_id else "menu.express-on"
            rows.append(marked(key[5:], text(key), text("menu.express-about")))
        rows.append(marked("history", text("menu.history")))
        actions: "dict[str, Callable[[], None]]" = {
            "pay": lambda: self._pay(token_id),
            "code": lambda: self._presenting.show(token_id),
            "present": lambda: self._presenting.present(token_id),
            "default": lambda: self._choose(token_id),
            "express-on": lambda: self._express(token_id, True),
            "express-off": lambda: self._express(token_id, False),
            "history": lambda: self._view.deeper(self._receipts.history(token_id)),
        }

        def choose(key: str) -> None:
            if self._view.age_ms() >= _SETTLED_MS:
                actions[key]()

        return RowsScreen(self._view.ui, "card-menu", token.label, rows, choose, self._view.back)

    def _pay(self, token_id: bytes) -> None:
        """Arm this card, and make it the default: a touch in the menu is as deliberate as a double press."""
        if self._view.done(lambda: self._services.wallet.choose(token_id)):
            self._paying.chosen()
            self._paying.pay()

    def _choose(self, token_id: bytes) -> None:
        if self._view.done(lambda: self._services.wallet.choose(token_id)):
            self._paying.chosen()
            self._view.play(SUCCESS)
            self._view.front(self._carousel(token_id))

    def _express(self, token_id: bytes, on: bool) -> None:
        if self._view.done(lambda: self._services.express.choose(token_id if on else None)):
            self._view.play(SUCCESS)
            self._view.front(self._carousel(token_id))
