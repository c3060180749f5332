"""Mistakes that would cost money or secrets, each in one place: (file, what stands there, the mistake, tests)."""

GUARD = "firmware/watch/access/guard.py"
LOCK = "firmware/watch/access/lock.py"
SESSION = "firmware/watch/access/session.py"
IDENTITY = "firmware/watch/access/identity.py"
CERTIFICATE = "firmware/watch/access/certificate.py"
ATC = "firmware/watch/payment/atc.py"
VAULT = "firmware/watch/payment/vault.py"
WALLET = "firmware/watch/payment/wallet.py"
NOTICES = "firmware/watch/payment/notices.py"
ISSUANCE = "firmware/watch/payment/issuance.py"
TOKEN = "firmware/watch/payment/token.py"
SPENDING = "firmware/watch/payment/spending.py"
HISTORY = "firmware/watch/payment/history.py"

IN_GUARD = ("tests/firmware/access/upy_guard.py", "tests/firmware/access/upy_interrupted.py")
IN_IDENTITY = ("tests/firmware/access/upy_identity.py",)
IN_ISSUANCE = ("tests/firmware/payment/upy_issuance.py", "tests/firmware/payment/upy_confusion.py")
IN_NOTICES = ("tests/firmware/payment/upy_notices.py", "tests/firmware/payment/upy_confusion.py")
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
    (CERTIFICATE, "    envelope.verify(root)\n", "", IN_IDENTITY),
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
    (ATC, "if atcs[0] <= self.held():", "if False:", IN_ISSUANCE),
    (ATC, "[:most]", "[:16]", IN_WALLET),
    (
        VAULT,
        "            self.commit(self._slot_change(number, slot))\n            return",
        "            return",
        IN_WALLET,
    ),
    (VAULT, "if token.state != ACTIVE:", "if False:", IN_WALLET),
    (VAULT, "if now_s > token.keys_expire_s:", "if False:", IN_WALLET),
    (VAULT, "if now_s > token.last_second():", "if False:", IN_WALLET),
    (VAULT, "        if held and held.token.issuer != issuer:", "        if False:", IN_ISSUANCE),
    (VAULT, "            self._guard.disarm()\n", "            pass\n", IN_WALLET),
    (VAULT, "token.state = held.token.state if held else ACTIVE", "token.state = ACTIVE", IN_ISSUANCE),
    (VAULT, "if self.find(token_id)[1].token.issuer != issuer:", "if False:", IN_NOTICES),
    (WALLET, "            card.zero()", "            pass", IN_WALLET),
    (WALLET, "key.used and self._history.find(card.token.token_id, key.atc) is None", "key.used", IN_NOTICES),
    (WALLET, "            self._guard.disarm()  #", "            pass  #", IN_WALLET),
    (NOTICES, "if fields[2] <= self._last(envelope.key_id):", "if False:", IN_NOTICES),
    (NOTICES, "        envelope.verify(self._identity.issuer(envelope.key_id))\n", "", IN_NOTICES),
    (NOTICES, "if fields[1] != self._identity.device_id:", "if False:", IN_NOTICES),
    (NOTICES, "self._vault.commit(self._seen(envelope.key_id, fields[2]))", "pass", IN_NOTICES),
    (NOTICES, "        self._identity.expect_time(envelope.key_id, fields[9 if", "        (fields[9 if", IN_NOTICES),
    (ISSUANCE, "        envelope.verify(self._identity.issuer(request.issuer))\n", "", IN_ISSUANCE),
    (ISSUANCE, "package.token.token_id != request.token_id or ", "", IN_ISSUANCE),
    (ISSUANCE, " or package.token.batch != request.batch", "", IN_ISSUANCE),
    (ISSUANCE, "records.REQUEST + slot: None,", "", IN_ISSUANCE),
    (ISSUANCE, "        if not self._vault.may_install():\n            return 0\n", "", IN_ISSUANCE),
    (ISSUANCE, "highest = held.atc.held()", "highest = held.atc.highest()", IN_ISSUANCE),
    (ISSUANCE, "            elif held is None and", "            elif False and", IN_ISSUANCE),
    (TOKEN, "len(fields) == _PACKAGE_FIELDS", "True", IN_ISSUANCE),
    (TOKEN, "previous_atc < atc <= 0xFFFF", "0 < atc <= 0xFFFF", IN_ISSUANCE),
    (SPENDING, "if day > self.day:", "if day != self.day:", IN_WALLET),
    (HISTORY, "payment.number % KEPT", "payment.number % 2", IN_NOTICES),
)
