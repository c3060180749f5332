"""A watch and the real bank, random deeds of everyone, and a small model that both must agree with after each."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from tapwatch.bank.problems import StateProblem
from tapwatch.bank.schema import atcs
from tapwatch.signing import certificates
from tests.host.bank.world import DAY_S, START, World
from tests.lives import cryptograms
from tests.lives.bank_model import Payment, Token
from tests.lives.watch_process import WatchProcess
from tests.tools.upy_process import LONG

PRODUCTS = ("visa-18", "mastercard-14")
WHICH = st.integers(0, len(PRODUCTS) - 1)
HISTORY = 50
AMOUNTS = st.integers(1, 4_999)
FATES = ("online", "online", "online", "twice", "never")
counted: Counter[str] = Counter()
running: list[WatchProcess] = []
"""The watch, started once for all examples of a test."""


class Machine(RuleBasedStateMachine):
    """One watch, two cards, one bank."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(prefix="tapwatch-lives-")
        self.world = World(Path(self._folder.name))
        self.watch = running[0]
        self.lost = self.lost_on_watch = self.cut_ahead = False
        self.notice_number = 0
        self.sent: list[tuple[int, int, dict[str, str], str]] = []
        self._register()
        ids = [self.world.token(product) for product in PRODUCTS]
        self.tokens = {token_id.hex(): Token() for token_id in ids}
        for token in self.tokens:
            self._fetch(token, True)

    def teardown(self) -> None:
        asyncio.run(self.world.bank.stop())
        self._folder.cleanup()

    # What the rules are made of.

    def ask(self, do: str, **what: Any) -> dict[str, Any]:
        """One deed of the watch. A cut that was ahead has happened if it says so."""
        said = self.watch.ask(do, **what)
        if said.pop("cut", False):
            self.cut_ahead = False
            counted["cuts"] += 1
            said["cut"] = True
        return said

    def done(self, do: str, **what: Any) -> dict[str, Any]:
        """One deed that succeeds unless the power goes: then it is done once more."""
        said = self.ask(do, **what)
        if "cut" in said:
            self.ask("enter")
            said = self.ask(do, **what)
        assert "error" not in said, (do, said)
        return said

    def _register(self) -> None:
        world = self.world
        public = bytes.fromhex(self.ask("new", now_s=START)["public"])
        end = START + 5 * 365 * DAY_S
        certificate = certificates.issue(world.root, "device", public, "W-9", START - 1, end, 9, {"secret": "software"})
        service = world.bank.certificate.hex()
        self.done("provision", root=world.root.public.hex(), certificate=certificate.hex(), service=service)
        attested = bytes.fromhex(self.done("attest", challenge=world.bank.challenge().hex())["data"])
        world.bank.register(certificate, attested)
        world.watch = SimpleNamespace(id=certificates.key_id(public))  # type: ignore[assignment]

    def _fetch(self, token: str, receipt_arrives: bool) -> None:
        """The phone carries a request, a package, and maybe the receipt."""
        model, world = self.tokens[token], self.world
        request = bytes.fromhex(self.done("request", token=token, issuer=world.bank.issuer_id.hex())["data"])
        try:
            package = world.bank.package(request)
        except StateProblem:
            assert not model.active
            return
        assert model.active
        self._follow_issue(token)
        said = self.ask("package", data=package.hex())
        if "cut" in said:
            return  # installed or not: the next refill tells
        assert "error" not in said or said["error"] == "replayed", said
        if said.get("data") and receipt_arrives:
            world.bank.receipt(bytes.fromhex(said["data"]))
        counted["refills"] += 1

    def _follow_issue(self, token: str) -> None:
        model = self.tokens[token]
        fresh = {atc for atc, _ in self._bank_atcs(token)} - model.issued
        assert not fresh or min(fresh) > max(model.issued, default=0), "ATCs given out twice"
        if fresh:
            model.issued |= fresh
            model.expires_s = self.world.clock.now + 14 * DAY_S

    def _bank_atcs(self, token: str) -> list[tuple[int, str]]:
        with self.world.bank._store.read() as connection:
            own = atcs.c.token_id == bytes.fromhex(token)
            return [(row.atc, row.state) for row in connection.execute(select(atcs.c.atc, atcs.c.state).where(own))]

    def _facts(self) -> dict[str, Any]:
        return self.watch.ask("facts")

    # The rules.

    @rule(which=WHICH, receipt_arrives=st.booleans(), locked=st.booleans())
    def refill(self, which: int, receipt_arrives: bool, locked: bool) -> None:
        """A package, for a locked watch too: it is opened at the next passcode then."""
        self.ask("lock" if locked else "enter")
        self._fetch(list(self.tokens)[which], receipt_arrives)

    @rule(which=WHICH, amounts=st.lists(AMOUNTS, min_size=1, max_size=4), fate=st.sampled_from(FATES))
    def tap(self, which: int, amounts: list[int], fate: str) -> None:
        for amount in amounts:
            self._tap(which, amount, fate)

    @rule(which=WHICH, amount=AMOUNTS)
    def tap_once(self, which: int, amount: int) -> None:
        self._tap(which, amount, "online")

    @rule(which=WHICH, amount=AMOUNTS, after=st.integers(0, 9), pattern=st.integers(0, 9))
    def tap_and_cut(self, which: int, amount: int, after: int, pattern: int) -> None:
        self.ask("enter")
        self.cut_ahead_of_it(after, pattern)
        self._tap(which, amount, "online")

    def _tap(self, which: int, amount: int, fate: str) -> None:
        token = list(self.tokens)[which]
        model = self.tokens[token]
        before = "cut" in self.ask("enter") or self.cut_ahead
        facts = self._facts()
        card = facts["cards"].get(token)
        said = self.ask("tap", token=token, amount=amount, unpredictable=f"{counted['steps']:08x}")
        made = self._made(said)
        may = card and card["free"] and card["state"] == "active" and facts["now"] <= card["expires"]
        if made is None:
            assert before or "cut" in said or not may or self.lost_on_watch, (said, facts)
            return
        assert may and not self.lost_on_watch, "a card pays that may not"
        atc = int.from_bytes(made["9F36"], "big")
        assert atc in model.issued and atc not in model.paid, f"the ATC {atc} is used twice"
        model.paid[atc] = Payment(amount, written="cut" not in said)
        counted["payments"] += 1
        if fate != "never":
            self._online(which, atc, amount, made, card, fate)

    def _made(self, said: dict[str, Any]) -> dict[str, bytes] | None:
        """Field 55 of a tap, or None if no cryptogram came of it."""
        if not said.get("answer", "").endswith("9000"):
            return None
        terminal, tags = cryptograms.terminal_and_tags(said["asked"], said["answer"], said["options"])
        if tags["9F27"] != b"\x80":
            return None
        sizes, at = {"9F02": 6, "9F03": 6, "9F1A": 2, "95": 5, "5F2A": 2, "9A": 3, "9C": 1, "9F37": 4}, 0
        for tag, size in sizes.items():
            tags[tag] = terminal[at : at + size]
            at += size
        return {tag: tags[tag] for tag in (*sizes, "82", "9F36", "9F27", "9F10", "9F26")}

    def _online(self, which: int, atc: int, amount: int, chip: dict[str, bytes], card: dict, fate: str) -> None:
        token = list(self.tokens)[which]
        model = self.tokens[token]
        reader = SimpleNamespace(pan=card["pan"], content={5: card["expiry"]})
        fields = self.world.purchase(reader, atc, amount, chip=chip)  # type: ignore[arg-type]
        expected = model.verdict(atc, amount, self.lost, self.world.clock.now)
        code = self.world.code(fields)
        assert (code == "00") == (expected == "approved"), (code, expected)
        model.paid[atc].result = expected
        self.sent.append((which, atc, fields, code))
        if fate == "twice":
            assert self.world.code({**fields, "t": "0201"}) == code, "a repeat has the same answer"

    @rule(data=st.data(), often=st.integers(0, 4))
    def clone(self, data: st.DataObject, often: int) -> None:
        """A copy of the watch: an ATC that was used, in another terminal."""
        if often or not self.sent:
            return
        which, _, fields, _ = data.draw(st.sampled_from(self.sent))
        self.world.next_stan(self.world._stan + 1)
        again = {**fields, "11": f"{self.world._stan:06d}", "37": f"{self.world._stan:012d}"}
        assert self.world.code(again) == "59"
        self.tokens[list(self.tokens)[which]].cloned()
        counted["clones"] += 1

    @rule()
    def deliver(self) -> None:
        """The phone brings what the bank has to say; the same once more is refused."""
        for data in self.world.bank.notices(self.world.watch.id, self.notice_number):
            said = self.ask("notice", data=data.hex())
            if "cut" in said:
                said = self.ask("notice", data=data.hex())
                assert said.get("error") in (None, "replayed"), said
            else:
                assert "error" not in said, said
                said = self.ask("notice", data=data.hex())
                assert said.get("error") == "replayed" or "cut" in said, "an old notice is taken"
            self.notice_number += 1
        for model in self.tokens.values():
            model.active_on_watch = model.active
            for payment in model.paid.values():
                payment.told = payment.result
                payment.written = payment.written or payment.told != "sent"
        self.lost_on_watch = self.lost

    @rule(which=WHICH, often=st.integers(0, 3))
    def change_state(self, which: int, often: int) -> None:
        token = list(self.tokens)[which]
        model = self.tokens[token]
        if often and model.active:
            return
        model.active = not model.active
        self.world.bank.set_state(bytes.fromhex(token), "active" if model.active else "suspended")

    @rule(often=st.integers(0, 3))
    def lose_or_find(self, often: int) -> None:
        if often and not self.lost:
            return
        self.lost = not self.lost
        if self.lost:
            self.world.bank.lost(self.world.watch.id, "call")
        else:
            self.world.bank.found(self.world.watch.id)

    @rule(seconds=st.sampled_from([5, 300, 901, 40_000, 3 * DAY_S]))
    def wait(self, seconds: int) -> None:
        self.world.clock.now += seconds
        self.ask("wait", seconds=seconds)

    @rule(after=st.integers(0, 9), pattern=st.integers(0, 9))
    def cut_ahead_of_it(self, after: int, pattern: int) -> None:
        self.ask("cut", after=after, pattern=pattern)
        self.cut_ahead = True

    @rule()
    def restart(self) -> None:
        self.ask("restart")
        self.cut_ahead = False
        self.ask("enter")

    # What must hold after each.

    @invariant()
    def all_agree(self) -> None:
        counted["steps"] += 1
        facts = self._facts()
        assert facts["state"] == "lost" if self.lost_on_watch else facts["state"] in ("worn", "locked")
        for token, model in self.tokens.items():
            self._agree_on_keys(token, model, facts["cards"].get(token))
        self._agree_on_history(facts["history"])
        approved = sum(model.approved for model in self.tokens.values())
        assert self.world.spent == approved
        assert self.world.bank.trial_balance().balanced

    def _agree_on_keys(self, token: str, model: Token, card: dict[str, Any] | None) -> None:
        known = dict(self._bank_atcs(token))
        assert set(known) == model.issued
        heard = {atc for atc, payment in model.paid.items() if payment.result != "sent"}
        assert {atc for atc, state in known.items() if state == "used"} == heard
        if card is None:
            return
        free = set(card["free"])
        assert not free & set(model.paid), "a used key is free"
        assert free <= model.issued
        assert free <= model.free or min(free - model.free) > max(model.free | set(model.paid), default=0)
        model.free = free
        assert card["state"] == ("active" if model.active_on_watch else "suspended")

    def _agree_on_history(self, history: list[list[Any]]) -> None:
        seen = set()
        for token, atc, amount, currency, result in history:
            payment = self.tokens[token].paid[atc]
            assert (token, atc) not in seen
            seen.add((token, atc))
            assert (amount, currency) == (payment.amount, 978)
            assert result == payment.told
        for token, model in self.tokens.items():
            missing = [atc for atc, paid in model.paid.items() if paid.written and (token, atc) not in seen]
            assert not missing or len(history) == HISTORY, f"the history forgets {missing}"


def play(examples: int, steps: int, *bug: str) -> None:
    """Run the machine. Raises what an example fails with."""
    running.append(WatchProcess(*bug))
    Machine.TestCase.settings = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=not os.environ.get(LONG),
        phases=[Phase.generate] if bug else [Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    try:
        Machine.TestCase("runTest").runTest()
    finally:
        running.pop().close()


@pytest.mark.share("system")
def test_watch_and_bank_agree() -> None:
    counted.clear()
    play(*((500, 80) if os.environ.get(LONG) else (8, 40)))
    told = ", ".join(f"{counted[name]} {name}" for name in ("steps", "payments", "refills", "cuts", "clones"))
    print(f"NOTE watch and bank: {told}; 0 differences")
    assert counted["payments"] > 20


@pytest.mark.share("mutants")
@pytest.mark.parametrize(
    "bug",
    [
        "a reserved key is free after a cut",
        "an old notice is new",
        pytest.param("a used key is free", marks=pytest.mark.long),
        pytest.param("the history is in RAM only", marks=pytest.mark.long),
    ],
)
def test_a_planted_bug_is_found(bug: str) -> None:
    with pytest.raises((AssertionError, RuntimeError)):
        play(60, 15, bug)
