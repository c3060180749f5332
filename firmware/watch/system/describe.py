"""What the watch tells scripts about itself: enough to drive it and to test it, and no secret."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from watch.payment.history import Payment
    from watch.payment.token import Token
    from watch.system.main import Watch
    from watch.system.services import Services
    from watch.ui.context import Ui


def describe(watch: "Watch") -> "dict[str, Any]":
    """Screen, touch targets, texts, access state, cards and payments, all of it JSON.

    Targets are in pixels of the panel, also while the watch is worn the other way up.
    """
    services = watch.services
    front = watch.stack.top
    return {
        "screen": front.name,
        "targets": [_on_panel(front.ui, target) for target in front.targets()],
        "turned": front.ui.turned,
        "texts": front.texts(),
        "access": services.guard.state,
        "unlocked": services.guard.unlocked(),
        "tries_left": services.guard.tries_left(),
        "cards": [_card(services, token) for token in services.wallet.tokens()],
        "payments": [_payment(payment) for payment in services.history.payments],
        "voice": watch.navigator.voice.describe(),
        "known": _known(services),
        "security_time": services.clock.security_s(),
        "display_time": services.clock.display_s(),
        "utc_offset_min": services.settings.get("utc_offset_min"),
        "bluetooth": watch.bluetooth.describe(),
        "light": watch.light.state,
        "power": {
            "held_ms": watch.light.locks.held_ms(),
            "used": watch.light.usage.table(),
            "screen_wakes": watch.light.usage.wakes,
        },
        "log": watch.log.lines(),
    }


def _on_panel(ui: "Ui", target: "tuple[str, int, int, int, int]") -> "list[Any]":
    name, x, y, w, h = target
    return [name, ui.width - x - w, ui.height - y - h, w, h] if ui.turned else [name, x, y, w, h]


def _card(services: "Services", token: "Token") -> "dict[str, Any]":
    active = services.wallet.active()
    return {
        "token": token.token_id.hex(),
        "label": token.label,
        "last_four": token.last_four,
        "profile": token.profile,
        "state": token.state,
        "active": active is not None and active.token_id == token.token_id,
        "express": services.express.chosen() == token.token_id,
        "keys_left": services.wallet.keys_left(token.token_id),
        "highest_atc": services.vault.find(token.token_id)[1].atc.highest(),
    }


def _known(services: "Services") -> "dict[str, Any]":
    """Counts only: what a notification says is for the wearer."""
    now = services.local_minutes()
    return {
        "phone": services.phone.connected,
        "notifications": len(services.notifications),
        "unread": services.notifications.unread,
        "dropped": services.notifications.dropped,
        "alarms": len(services.alarms),
        "next_alarm": services.alarms.next_due(now),
        "timers": len(services.timers),
        "temperature_c": services.weather.temp_c,
        "music": services.music.state,
        "events": len(services.calendar.events),
        "steps_today": services.activity.today(now),
        "loyalty_cards": len(services.loyalty),
        "wanted": services.find_phone.wanted,
        "to_phone": len(services.outbox),
        "questions": len(services.offers),
        "answered": services.offers.last,
    }


def _payment(payment: "Payment") -> "dict[str, Any]":
    return {
        "number": payment.number,
        "token": payment.token_id.hex(),
        "atc": payment.atc,
        "amount_minor": payment.amount,
        "currency": payment.currency,
        "merchant": payment.merchant,
        "result": payment.result,
        "reason": payment.reason,
        "link": payment.link,
    }
