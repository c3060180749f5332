"""What the database itself guards about the store's books, in the words of each dialect.

- Contracts, their parts, sales, refunds, payouts, lines and closed statements are never changed or deleted.
- No line comes into a month that is closed for its party and currency.
"""

from __future__ import annotations

APPEND_ONLY = (
    "store_contracts",
    "store_contract_parts",
    "store_sales",
    "store_refunds",
    "store_payouts",
    "store_lines",
    "store_statements",
    "store_licences",
)
_CLOSED = """SELECT 1 FROM store_statements s
             WHERE s.party_id = NEW.party_id AND s.currency = NEW.currency AND s.month >= NEW.month"""


def statements(dialect: str) -> list[str]:
    """The statements that make the triggers, `dialect` as SQLAlchemy calls it."""
    return _postgresql() if dialect == "postgresql" else _sqlite()


def _sqlite() -> list[str]:
    made = [
        f"""CREATE TRIGGER {table}_no_{word.lower()} BEFORE {word} ON {table} BEGIN
              SELECT RAISE(ABORT, '{table} is append-only');
            END"""
        for table in APPEND_ONLY
        for word in ("UPDATE", "DELETE")
    ]
    made.append(
        f"""CREATE TRIGGER store_lines_closed BEFORE INSERT ON store_lines WHEN EXISTS ({_CLOSED}) BEGIN
              SELECT RAISE(ABORT, 'the month is closed');
            END"""
    )
    return made


def _postgresql() -> list[str]:
    """`refuse_change` is the bank's."""
    made = [
        f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change()"""
        for table in APPEND_ONLY
    ]
    made.append(
        f"""CREATE FUNCTION refuse_closed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF EXISTS ({_CLOSED}) THEN RAISE EXCEPTION 'the month is closed'; END IF;
              RETURN NEW;
            END $$"""
    )
    made.append(
        """CREATE TRIGGER store_lines_closed BEFORE INSERT ON store_lines
           FOR EACH ROW EXECUTE FUNCTION refuse_closed()"""
    )
    return made
