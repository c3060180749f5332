"""The capability `notify`: a message of an app, among those of the phone. Its source is always the app itself."""

from micropython import const

from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.services.notifications import Notifications
    from watch.system.apps.budgets import Budget

_MOST_TITLE = const(80)  # characters, as Gadgetbridge sends
_MOST_TEXT = const(400)


class Notify:
    """Posts messages: one in ten seconds, twenty a day.

    Args:
        notifications: where they go.
        app: its id.
        name: what the wearer calls it.
        budget: how often it may.
    """

    def __init__(self, notifications: "Notifications", app: str, name: str, budget: "Budget") -> None:
        self._notifications, self._app, self._name, self._budget = notifications, app, name, budget

    def post(self, title: str, text: str = "") -> bool:
        """Post a message; the wearer is told as of one of the phone. False if there were too many.

        Raises InputError for an empty title, one of more than 80 characters, or a text of more than 400.
        """
        if type(title) is not str or type(text) is not str:
            raise InputError("a message has texts")
        if not 0 < len(title) <= _MOST_TITLE or len(text) > _MOST_TEXT:
            raise InputError("a title has 1 to 80 characters, a text at most 400")
        if not self._budget.take(self._app):
            return False
        return self._notifications.post_local(self._app, self._name, title, text)
