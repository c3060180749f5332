"""The database through restarts, crashes, a full disk and newer versions."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, text

from tapwatch.bank import migrations
from tapwatch.bank.problems import SetupProblem, StoreProblem
from tapwatch.bank.service import Bank
from tapwatch.bank.store import Store
from tapwatch.signing.keys import PrivateKey
from tests.host.bank.world import World

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.share("cuts and faults")
_CHILD = """
import json, os, pathlib, sys
from tapwatch.bank import outbox
from tapwatch.bank.service import Bank

url, keys, fatal = sys.argv[1:]
if fatal == "die":
    outbox.Outbox.payment = lambda *_: os._exit(9)
bank = Bank(url, pathlib.Path(keys), lambda: {now})
for line in sys.stdin:
    print(bank.authorise(json.loads(line))["39"], flush=True)
"""


def child(world: World, fatal: str) -> subprocess.Popen[str]:
    """Start a bank in another process; it answers a JSON message per line."""
    code = _CHILD.replace("{now}", str(world.clock.now))
    command = [sys.executable, "-c", code, world.url, str(world.keys), fatal]
    environment = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    return subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)


def test_everything_is_there_after_a_restart(world: World) -> None:
    card = world.card()
    request = world.purchase(card, 1, 100)
    answer = world.bank.authorise(request)
    issuer = world.bank.issuer_id
    world.reopen()
    assert world.bank.issuer_id == issuer
    assert world.bank.authorise(request) == answer
    assert world.pay(card, 2, 100) == "00"
    assert world.pay(card, 1, 200) == "59"
    assert world.spent == 200


def test_crash_inside_a_transaction(world: World) -> None:
    """The process dies after the money has moved and before the commit: nothing happened."""
    card = world.card()
    request = world.purchase(card, 1, 100)
    process = child(world, "die")
    output, _ = process.communicate(json.dumps(request) + "\n", timeout=30)
    assert (process.returncode, output) == (9, "")
    assert world.spent == 0
    assert world.notices() == []
    assert world.code(request) == "00"
    assert world.spent == 100


def test_kill_at_any_moment(world: World) -> None:
    """What the bank said yes to is in the books; what it did not answer is there wholly or not at all."""
    rng = random.Random(83)
    token = world.token()
    unanswered = 0
    for round_ in range(4):
        card = world.fetch(token, round_ + 1, round_ * 10)
        requests = [world.purchase(card, atc, 100) for atc in card.atcs]
        process = child(world, "live")
        assert process.stdin and process.stdout
        process.stdin.write("\n".join(json.dumps(request) for request in requests) + "\n")
        process.stdin.flush()
        answers = [process.stdout.readline().strip()]
        time.sleep(rng.random() / 25)
        process.kill()
        answers += process.stdout.read().split()
        process.wait()
        unanswered += len(requests) - len(answers)
        before = world.spent
        assert before >= 100 * (round_ * 10 + len(answers))
        assert world.bank.trial_balance().balanced
        assert [world.code(request) for request in requests] == ["00"] * 10
        assert world.spent == 1000 * (round_ + 1)
    print(f"NOTE bank: killed 4 times with {unanswered} of 40 payments unanswered: 0 lost, 0 paid twice")


def test_full_disk(world: World) -> None:
    """A payment that cannot be written is not approved; the same message is, once there is room."""
    card = world.card()
    engine = world.bank.desk._store.engine
    requests = [world.purchase(card, atc, 100) for atc in card.atcs]
    assert world.code(requests[0]) == "00"

    def no_room(connection: object, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]  # SQLite keeps what it has

    engine.dispose()
    event.listen(engine, "connect", no_room)
    codes = [world.code(request) for request in requests]
    assert codes[0] == "00", "the stored answer needs no room"
    assert "96" in codes
    spent = world.spent
    assert spent == 100 * codes.count("00")
    event.remove(engine, "connect", no_room)
    engine.dispose()
    assert [world.code(request) for request in requests] == ["00"] * 10
    assert world.spent == 1000


def test_another_writer_holds_the_database(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tapwatch.bank.store._PRAGMAS", ("PRAGMA foreign_keys = ON", "PRAGMA busy_timeout = 50"))
    world.reopen()
    request = world.purchase(world.card(), 1, 100)
    with Store(world.url).write():
        assert world.code(request) == "96"
    assert world.code(request) == "00"


def test_settings_of_sqlite(world: World) -> None:
    names = ("foreign_keys", "journal_mode", "synchronous")
    with Store(world.url).read() as connection:
        values = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in names]
    assert values == [1, "wal", 2]


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "nonsense", "oracle9://x", "mysql://localhost/x"])
def test_urls_that_cannot_be_used(url: str) -> None:
    with pytest.raises(StoreProblem):
        Store(url)


def test_database_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreProblem, match="database failed"):
        migrations.migrate(Store(f"sqlite:///{tmp_path / 'none' / 'bank.db'}"))
    (tmp_path / "junk.db").write_bytes(b"junk" * 1000)
    with pytest.raises(StoreProblem, match="not a database"):
        migrations.migrate(Store(f"sqlite:///{tmp_path / 'junk.db'}"))


def version(store: Store) -> int:
    """The version the database says it has."""
    with store.read() as connection:
        return connection.execute(text("SELECT version FROM schema_version")).scalar_one()


def test_migrations(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'bank.db'}")
    migrations.migrate(store)
    migrations.migrate(store)
    now = migrations.VERSION
    assert version(store) == now
    steps = {
        now + 1: lambda connection: connection.execute(text("ALTER TABLE cards ADD COLUMN hue BLOB")),
        now + 2: lambda connection: connection.execute(text("ALTER TABLE nothing ADD COLUMN x BLOB")),
    }
    with pytest.raises(StoreProblem):
        migrations.migrate(store, now + 2, steps)
    assert version(store) == now + 1, "the step that failed changed nothing, the one before it stays"
    with store.read() as connection:
        assert connection.execute(text("SELECT hue FROM cards")).all() == []
    with pytest.raises(StoreProblem, match=f"schema version {now + 1}; this program knows {now}"):
        migrations.migrate(store)


def test_every_version_has_a_step() -> None:
    assert sorted(migrations.STEPS) == list(range(2, migrations.VERSION + 1))


def test_create_refuses_what_is_there(world: World, tmp_path: Path) -> None:
    root = PrivateKey.generate()
    with pytest.raises(SetupProblem, match="holds a bank"):
        Bank.create(world.url, tmp_path / "other keys", root)
    with pytest.raises(SetupProblem, match="another root"):
        Bank.create(f"sqlite:///{tmp_path / 'other.db'}", world.keys, root)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SetupProblem, match="cannot be made"):
        Bank.create(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "file" / "keys", root)


@pytest.mark.parametrize(
    "cut",
    ["tapwatch.bank.keyring._random_master", "tapwatch.bank.keyring.install", "tapwatch.bank.founding.insert"],
)
def test_create_cut_short_can_be_called_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: str) -> None:
    """The process dies while it makes the keys, or has them uncertified, or with the database not written."""

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    url, keys, root = f"sqlite:///{tmp_path / 'bank.db'}", tmp_path / "keys", PrivateKey.generate()
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(cut, die)
        Bank.create(url, keys, root)
    with pytest.raises(SetupProblem) as refused:
        Bank(url, keys)
    assert "bank init" in refused.value.hint
    assert Bank.create(url, keys, root).issuer_id == Bank(url, keys).issuer_id


def test_keys_and_database_belong_together(world: World, tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    other = World(tmp_path / "second")
    with pytest.raises(SetupProblem, match="another bank"):
        Bank(world.url, other.keys, world.clock)


@pytest.mark.parametrize(
    "name", ["token-service.pem", "token-service.cert", "root.pub", "issuer-keys.json", "operator-token"]
)
def test_key_files(world: World, name: str) -> None:
    """Secret files that others may read, broken ones and missing ones stop the bank with a clear line."""
    path = world.keys / name
    data = path.read_bytes()
    assert path.stat().st_mode & 0o77 == 0
    path.chmod(0o644)
    with pytest.raises(SetupProblem, match="others may read"):
        world.reopen()
    path.chmod(0o600)
    if name != "operator-token":
        from tapwatch.errors import UserError

        path.write_bytes(data[:-20])
        with pytest.raises(UserError):
            world.reopen()
    path.unlink()
    with pytest.raises(SetupProblem, match=f"no {re.escape(name)}|cannot be read"):
        world.reopen()


def test_expired_certificate_of_the_token_service(world: World) -> None:
    world.clock.now += 11 * 365 * 86_400
    with pytest.raises(SetupProblem, match="certificate"):
        world.reopen()
