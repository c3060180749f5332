"""What the watch answers to the messages of docs/formats.md."""

from micropython import const

from watch.access import states
from watch.exchange import messages
from watch.exchange.messages import Answer, expect, expect_list
from watch.kernel.errors import InputError, WipedError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Protocol

    from board.ports import Info
    from watch.exchange.messages import Handler
    from watch.payment.merchant_code import MerchantCode
    from watch.system.services import Services

    class Show(Protocol):
        """Who shows the wearer what came."""

        def notice(self, data: bytes) -> None:
            """Take a notice envelope and show what it says. Raises what `Notices.receive` raises."""
            ...

        def merchant_code(self, text: str) -> MerchantCode:
            """Take a merchant's code and ask the wearer. Raises InputError, StateError, LockedError."""
            ...


ATTESTATION_KIND = "tapwatch/attestation"
PROTOCOL = const(1)
"""Rises when a sender of the version before would be misunderstood."""
_CHALLENGE_BYTES = const(16)


class Answers:
    """One method per message kind; each takes the body and returns the answer's body."""

    def __init__(
        self,
        info: "Info",
        secret_kind: str,
        services: "Services",
        show: "Show",
        more: "dict[int, Handler] | None" = None,
    ) -> None:
        """`show`: where what the wearer must see goes. `more`: who answers all other messages."""
        self._more = more or {}
        self._info = info
        self._secret_kind = secret_kind
        self._services = services
        self._show = show

    def handlers(self) -> "dict[int, Handler]":
        """The table for `Exchange`. While the watch wipes itself only `hello` is answered."""
        table = {
            messages.PROVISION: self._provision,
            messages.TRUST: self._trust,
            messages.ATTEST: self._attest,
            messages.TOKEN_REQUEST: self._token_request,
            messages.TOKEN_PACKAGE: self._token_package,
            messages.RECEIPTS: self._receipts,
            messages.NOTICE: self._notice_arrived,
            messages.SET_CLOCK: self._set_clock,
            messages.WALLET: self._wallet,
            messages.CARD_ART: self._card_art,
            messages.OWN_RECORD: self._own_record,
            messages.MERCHANT_CODE: self._merchant_code,
            messages.MERCHANT_PAYMENT: self._merchant_payment,
        }
        table.update(self._more)
        guarded = {kind: self._unless_wiping(handler) for kind, handler in table.items()}
        guarded[messages.HELLO] = self._hello
        return guarded

    def _unless_wiping(self, handler: "Handler") -> "Handler":
        def guarded(body: "Any") -> "Any":
            if self._services.guard.state == states.WIPING:
                raise WipedError("the watch has been wiped; restart it")
            return handler(body)

        return guarded

    def _hello(self, body: "Any") -> "Any":
        if body is not None and expect(body, int, "the version") > PROTOCOL:
            return Answer(messages.WRONG_VERSION, PROTOCOL)
        known = self._services.identity.provisioned()
        gone = self._services.guard.state == states.WIPING  # the certificate, before the watch has forgotten who it is
        return {
            1: PROTOCOL,
            2: self._info.version,
            3: self._services.identity.public,
            4: "provisioned" if known else "new",
            5: self._secret_kind,
            6: self._services.guard.state,
            7: self._services.identity.certificate() if known and not gone else None,
        }

    def _provision(self, body: "Any") -> None:
        fields = expect(body, dict, "the body")
        self._services.identity.provision(
            expect(fields.get(1), bytes, "the root key"), expect(fields.get(2), bytes, "the certificate")
        )

    def _trust(self, body: "Any") -> None:
        self._services.identity.trust(expect(body, bytes, "the certificate"))

    def _attest(self, body: "Any") -> bytes:
        challenge = expect(body, bytes, "the challenge")
        if len(challenge) != _CHALLENGE_BYTES:
            raise InputError("a challenge has 16 bytes")
        slots, receipt_key = self._services.vault.slots.values(), self._services.receipt_key
        tokens = [[slot.token.token_id, slot.held(), slot.atc.keys_left()] for slot in slots]
        return self._services.identity.sign(
            ATTESTATION_KIND,
            {
                1: self._services.identity.device_id,
                2: receipt_key.public() if receipt_key.exists() else b"",
                3: challenge,
                4: self._info.version,
                5: self._secret_kind,
                6: tokens,
            },
        )

    def _token_request(self, body: "Any") -> bytes:
        token_id, issuer = expect_list(body, 2, "the body")
        return self._services.issuance.request(token_id, issuer)

    def _token_package(self, body: "Any") -> "Any":
        receipt = self._services.issuance.receive(expect(body, bytes, "the package"))
        if receipt is None:
            return Answer(messages.KEPT, None)
        self._services.save_clock()
        return receipt

    def _receipts(self, body: "Any") -> "list[bytes]":
        return self._services.issuance.receipts()

    def _notice_arrived(self, body: "Any") -> None:
        self._show.notice(expect(body, bytes, "the notice"))
        if self._services.guard.state != states.WIPING:
            self._services.save_clock()

    def _set_clock(self, body: "Any") -> None:
        seconds, offset_min = expect_list(body, 2, "the body")
        expect(offset_min, int, "the offset")
        self._services.set_clock(expect(seconds, int, "the time"), offset_min)

    def _wallet(self, body: "Any") -> "list[dict[int, Any]]":
        services = self._services
        return services.wallet.status(services.codes.codes_left, services.art.lacks)

    def _card_art(self, body: "Any") -> int:
        digest, offset, total, part = expect_list(body, 4, "the body")
        expect(digest, bytes, "the hash")
        expect(part, bytes, "the part")
        expect(offset, int, "the offset")
        return self._services.art.take(digest, offset, expect(total, int, "the length"), part)

    def _own_record(self, body: "Any") -> None:
        self._services.tag.set_own(None if body is None else expect(body, bytes, "the message"))

    def _merchant_code(self, body: "Any") -> "dict[int, Any]":
        code = self._show.merchant_code(expect(body, str, "the code"))
        return {1: code.merchant, 2: code.amount_minor, 3: code.currency}

    def _merchant_payment(self, body: "Any") -> "bytes | None":
        return self._services.merchants.answer(expect(body, bytes, "the hash"))
