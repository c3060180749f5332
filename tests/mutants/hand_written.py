"""Mistakes that would cost money or secrets, each in one place: (file, what stands there, the mistake, tests)."""

GUARD = "firmware/watch/access/guard.py"
LOCK = "firmware/watch/access/lock.py"
SESSION = "firmware/watch/access/session.py"
IDENTITY = "firmware/watch/access/identity.py"
CERTIFICATE = "firmware/watch/crypto/certificate.py"
ATC = "firmware/watch/payment/atc.py"
VAULT = "firmware/watch/payment/vault.py"
WALLET = "firmware/watch/payment/wallet.py"
NOTICES = "firmware/watch/payment/notices.py"
ISSUANCE = "firmware/watch/payment/issuance.py"
TOKEN = "firmware/watch/payment/token.py"
SPENDING = "firmware/watch/payment/spending.py"
HISTORY = "firmware/watch/payment/history.py"
PACKAGE = "firmware/watch/payment/package.py"
SLOT = "firmware/watch/payment/slot.py"
KEY_STORE = "firmware/watch/payment/key_store.py"
CARD_STATE = "firmware/watch/payment/card_state.py"
EXPRESS = "firmware/watch/payment/express.py"
LOST = "firmware/watch/access/lost.py"

IN_GUARD = ("tests/firmware/access/upy_guard.py", "tests/firmware/access/upy_interrupted.py")
IN_IDENTITY = ("tests/firmware/access/upy_identity.py",)
IN_ISSUANCE = ("tests/firmware/payment/upy_issuance.py", "tests/firmware/payment/upy_confusion.py")
IN_NOTICES = ("tests/firmware/payment/upy_notices.py", "tests/firmware/payment/upy_confusion.py")
IN_LOST = ("tests/firmware/access/upy_lost.py", "tests/firmware/access/upy_every_event.py")
IN_PACKAGE = ("tests/firmware/payment/upy_package.py",)
IN_EXPRESS = ("tests/firmware/payment/upy_express.py",)
IN_CARD_STATE = ("tests/firmware/payment/upy_card_state.py",)
IN_WALLET = ("tests/firmware/payment/upy_wallet.py", "tests/firmware/payment/upy_confusion.py")

MUTANTS = (
    (LOCK, "        self._tries.increment()\n", "", IN_GUARD),
    (LOCK, "if self.tries_left() == 0:", "if False:", IN_GUARD),
    (LOCK, "        if self.wait_ms():\n", "        if False:\n", IN_GUARD),
    (LOCK, "if waited_ms < 0:", "if False:", IN_GUARD),
    (LOCK, "if abandoned != self._abandoned:", "if False:", IN_GUARD),
    (LOCK, "        if self.exists():\n            raise", "        if False:\n            raise", IN_GUARD),
    (
        LOCK,
        "        try:\n            self._tries.reset()\n        except",
        "        try:\n            pass\n        except",
        IN_GUARD,
    ),
    (GUARD, "self._lock.exists() and self._lock.tries_left() == 0", "False", IN_GUARD),
    (GUARD, "        if self._checking:", "        if False:", IN_GUARD),
    (
        GUARD,
        "        if self.check_session() is not None:\n            raise",
        "        if False:\n            raise",
        IN_GUARD,
    ),
    (GUARD, "        if not states.TABLE[self.state].cdcvm or", "        if", IN_GUARD),
    (GUARD, "passcode_age_s() <= max_age_s", "passcode_age_s() <= max_age_s + 60", IN_GUARD),
    (
        SESSION,
        "        if self.overdue() is None:\n            self._moved_ms",
        "        if True:\n            self._moved_ms",
        IN_GUARD,
    ),
    (SESSION, "        zero(self._key)\n", "        pass\n", IN_GUARD),
    (SESSION, "return elapsed_ms if elapsed_ms >= 0 else LONGEST_MS", "return elapsed_ms", IN_GUARD),
    (CERTIFICATE, "    if found.role != role:", "    if False:", IN_IDENTITY),
    (CERTIFICATE, "    yield from envelope.verifying(root)\n", "    yield\n", IN_IDENTITY),
    (CERTIFICATE, "if self.not_after_s < at_s:", "if False:", IN_IDENTITY),
    (IDENTITY, "if found.public != self.public:", "if False:", IN_IDENTITY),
    (IDENTITY, "        if self.provisioned():\n", "        if False:\n", IN_IDENTITY),
    (IDENTITY, "serial > found.serial", "serial > found.serial + 100", IN_IDENTITY),
    (
        IDENTITY,
        "        if len(others) >= MAX_ISSUERS:\n            raise",
        "        if False:\n            raise",
        IN_IDENTITY,
    ),
    (ATC, "UNKNOWN if mark == RESERVED else mark", "FREE if mark == RESERVED else mark", IN_WALLET),
    (ATC, "USED if entry[0] in used else FREE", "FREE", IN_WALLET),
    (ATC, "if atcs and atcs[0] <= held:", "if False:", IN_ISSUANCE),
    (ATC, "[:most]", "[:16]", IN_WALLET),
    (
        VAULT,
        "            self.commit_values(slot.counters(number), {})\n            return",
        "            return",
        IN_WALLET,
    ),
    (CARD_STATE, "if token.state != ACTIVE:", "if False:", IN_WALLET),
    (CARD_STATE, "if now_s > token.keys_expire_s:", "if False:", IN_WALLET),
    (CARD_STATE, "if now_s > token.last_second():", "if False:", IN_WALLET),
    (VAULT, "        if held and held.token.issuer != issuer:", "        if False:", IN_ISSUANCE),
    (VAULT, "            self._guard.disarm()\n", "            pass\n", IN_WALLET),
    (VAULT, "token.state = held.token.state if held else ACTIVE", "token.state = ACTIVE", IN_ISSUANCE),
    (VAULT, "if self.find(token_id)[1].token.issuer != issuer:", "if False:", IN_NOTICES),
    (WALLET, "            card.zero()", "            pass", IN_WALLET),
    (HISTORY, "not key.used or self.find(token_id, key.atc) is not None", "not key.used", IN_NOTICES),
    (WALLET, "            self._guard.disarm()  #", "            pass  #", IN_WALLET),
    (NOTICES, "if fields[_NUMBER] <= self._last(issuer):", "if False:", IN_NOTICES),
    (NOTICES, "        envelope.verify(self._identity.issuer(issuer))\n", "", IN_NOTICES),
    (NOTICES, "if fields[_DEVICE] != self._identity.device_id:", "if False:", IN_NOTICES),
    (NOTICES, "self._vault.commit(self._seen(issuer, fields[_NUMBER]))", "pass", IN_NOTICES),
    (NOTICES, "        self._identity.expect_time(issuer, fields[kind.time])\n", "", IN_NOTICES),
    (ISSUANCE, "        envelope.verify(self._identity.issuer(request.issuer))\n", "", IN_ISSUANCE),
    (ISSUANCE, "package.token.token_id != request.token_id or ", "", IN_ISSUANCE),
    (ISSUANCE, " or package.token.batch != request.batch", "", IN_ISSUANCE),
    (ISSUANCE, "            changes[records.REQUEST + slot] = None\n", "", IN_ISSUANCE),
    (ISSUANCE, "        if not self._vault.may_install():\n            return 0\n", "", IN_ISSUANCE),
    (ISSUANCE, "highest = held.held()", "highest = held.atc.highest()", IN_ISSUANCE),
    (ISSUANCE, "            elif held is None and", "            elif False and", IN_ISSUANCE),
    (PACKAGE, "len(fields) == _FIELDS", "True", IN_PACKAGE),
    (PACKAGE, "above < atc <= 0xFFFF", "0 < atc <= 0xFFFF", IN_ISSUANCE),
    (SPENDING, "if day > self.day:", "if day != self.day:", IN_WALLET),
    (HISTORY, "payment.number % records.HISTORY_PLACES", "payment.number % 2", IN_NOTICES),
    (NOTICES, "    expect(not link or web,", "    expect(True,", IN_NOTICES),
    (TOKEN, "fields[CVN] in profile.cvns", "True", IN_PACKAGE),
    (TOKEN, "expect(profile.express,", "expect(True,", IN_PACKAGE),
    (VAULT, "if token.test_only() and not self._allow_test_cards:", "if False:", IN_PACKAGE),
    (KEY_STORE, "packed[at + _INDEX_AT : at + _ENTRY_BYTES] = entry[2]", "entry[2]", IN_PACKAGE),
    (SLOT, "held = before.held() if before else 0", "held = before.atc.held() if before else 0", IN_PACKAGE),
    (SLOT, "    records.EXPRESS_KEYS,\n", "", IN_CARD_STATE),
    (
        SLOT,
        "before.spending, express_atc, before.express_spending",
        "before.spending, express_atc, Spending()",
        IN_EXPRESS,
    ),
    (VAULT, "            change.update(self._choices_of(token_id))\n", "", IN_CARD_STATE),
    (
        VAULT,
        "        self._guard.leave_express()\n        if state == DELETED:",
        "        if state == DELETED:",
        IN_EXPRESS,
    ),
    (CARD_STATE, "if _suspended(slot, now_s) or now_s", "if now_s", IN_CARD_STATE),
    (CARD_STATE, "<= slot.token.refill_at", "< slot.token.refill_at", IN_CARD_STATE),
    (
        EXPRESS,
        "            values.update(slot.express_counters(number))\n            self._write(values, payments)\n",
        "",
        IN_EXPRESS,
    ),
    (EXPRESS, ">= express[_TAPS_NO_CDCVM]", "> express[_TAPS_NO_CDCVM]", IN_EXPRESS),
    (
        EXPRESS,
        "slot.express_atc.settle([key.atc for key in card.keys if key.used])",
        "slot.express_atc.settle([])",
        IN_EXPRESS,
    ),
    (EXPRESS, "            card.zero()\n", "", IN_EXPRESS),
    (EXPRESS, "            self._emv.unload()\n", "", IN_EXPRESS),
    (EXPRESS, "slot.express_spending, False, keys", "slot.express_spending, True, keys", IN_EXPRESS),
    (EXPRESS, "            self._failed = True\n", "", IN_EXPRESS),
    (EXPRESS, "given[_PER_TAP] = given[_CONFIRM_ABOVE] =", "given[_CONFIRM_ABOVE] =", IN_EXPRESS),
    (
        GUARD,
        "        if self.state == states.LOST:\n            raise LostError",
        "        if False:\n            raise LostError",
        IN_LOST,
    ),
    (GUARD, "came, self._charging = on and not self._charging, on", "came, self._charging = on, on", IN_LOST),
    (GUARD, "        if self._lost.text() is not None:\n            self._move(states.LOSE)\n", "", IN_LOST),
    (LOST, "if entry[0] != issuer", "if False", IN_LOST),
    (
        NOTICES,
        "        self._vault.expect_guest(issuer)\n        self._guard.lose",
        "        self._guard.lose",
        IN_LOST,
    ),
    (
        NOTICES,
        "        self._vault.expect_guest(issuer)\n        self._guard.wipe",
        "        self._guard.wipe",
        IN_LOST,
    ),
)
