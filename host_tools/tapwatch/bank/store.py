"""The database: SQLite by default, PostgreSQL by URL.

The bank has one writer at a time. SQLite works so anyway; on PostgreSQL one advisory lock gives the same order. So
every rule of this room is right if it is right for one writer, and the constraints in `schema.py` stand behind it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from tapwatch.bank.problems import RequestProblem, StoreProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

_BUSY_MS = 5000
"""How long SQLite waits for another writer before it gives up."""
_WRITER_LOCK = 0x7461_7077
"""Number of the advisory lock on PostgreSQL: "tapw"."""
_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # an approved payment survives a power cut
    f"PRAGMA busy_timeout = {_BUSY_MS}",
)


class Store:
    """Transactions on one database.

    Args:
        url: a SQLAlchemy URL, `sqlite:///path` or `postgresql://…`. SQLite needs a file: a bank must survive a restart.

    Raises StoreProblem for a URL that cannot be used.
    """

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
            if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
                raise StoreProblem("the bank needs a database in a file", "use a URL like sqlite:///bank.db")
            if parsed.drivername == "postgresql":
                parsed = parsed.set(drivername="postgresql+psycopg")
            self._engine = create_engine(parsed)
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            raise StoreProblem("the database URL cannot be used", "use sqlite:///FILE or postgresql://…") from error
        if self.dialect == "sqlite":
            event.listen(self._engine, "connect", _set_up_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    @property
    def engine(self) -> Engine:
        """The engine below, for the schema alone."""
        return self._engine

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is alone in writing. Committed at the end, rolled back if anything is raised.

        Raises StoreProblem when the database fails.
        """
        with _translated(), self._engine.connect() as connection:
            connection.execution_options(tapwatch_write=True)
            with connection.begin():
                if self.dialect == "postgresql":
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _WRITER_LOCK})
                yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database. Raises StoreProblem when the database fails."""
        with _translated(), self._engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:  # its first line alone: statement, parameters and rows have no place in a log
        reason = str(error.orig).split("\n", 1)[0]
        raise StoreProblem(f"the database failed: {reason}", "check its disk, its rights and its URL") from None
    except OverflowError:  # sqlite3, for an integer of more than 64 bits
        raise RequestProblem("a number is too large") from None
    except SQLAlchemyError as error:
        raise StoreProblem(f"the database failed: {type(error).__name__}") from None


def _set_up_sqlite(connection: object, _record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]  # we send BEGIN ourselves
    for pragma in _PRAGMAS:
        connection.execute(pragma)  # type: ignore[attr-defined]


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once: two that both read first and then write would end in an error."""
    writes = connection.get_execution_options().get("tapwatch_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
