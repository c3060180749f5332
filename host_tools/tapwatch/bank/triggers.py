"""What the database itself guards, in the words of each dialect.

- A journal entry moves both balances in the statement that inserts it, so books and balances cannot differ.
- The journal is append-only.
- A used ATC stays used, and so does the handle of a payment code.
"""

from __future__ import annotations

JOURNAL_TRIGGERS = (
    """CREATE TRIGGER journal_post AFTER INSERT ON journal BEGIN
         UPDATE accounts SET balance = balance - NEW.amount WHERE id = NEW.debit;
         UPDATE accounts SET balance = balance + NEW.amount WHERE id = NEW.credit;
       END""",
    """CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN
         SELECT RAISE(ABORT, 'the journal is append-only');
       END""",
    """CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN
         SELECT RAISE(ABORT, 'the journal is append-only');
       END""",
)
"""Those of the journal on SQLite, which go with its table when that is made anew."""
_SQLITE = (
    *JOURNAL_TRIGGERS,
    """CREATE TRIGGER atc_stays_used BEFORE UPDATE ON atcs WHEN OLD.state = 'used' AND NEW.state <> 'used' BEGIN
         SELECT RAISE(ABORT, 'a used ATC stays used');
       END""",
    """CREATE TRIGGER atc_stays BEFORE DELETE ON atcs BEGIN
         SELECT RAISE(ABORT, 'ATCs are never forgotten');
       END""",
)

_POSTGRESQL = (
    """CREATE FUNCTION journal_post() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         UPDATE accounts SET balance = balance - NEW.amount WHERE id = NEW.debit;
         UPDATE accounts SET balance = balance + NEW.amount WHERE id = NEW.credit;
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only';
       END $$""",
    "CREATE TRIGGER journal_post AFTER INSERT ON journal FOR EACH ROW EXECUTE FUNCTION journal_post()",
    """CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON journal
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER atc_stays_used BEFORE UPDATE ON atcs
       FOR EACH ROW WHEN (OLD.state = 'used' AND NEW.state <> 'used') EXECUTE FUNCTION refuse_change()""",
    "CREATE TRIGGER atc_stays BEFORE DELETE ON atcs FOR EACH ROW EXECUTE FUNCTION refuse_change()",
)

CODE_TRIGGERS = {
    "sqlite": (
        """CREATE TRIGGER handle_stays_used BEFORE UPDATE ON code_handles
           WHEN OLD.state IN ('used', 'ended') AND NEW.state IN ('live', 'dead') BEGIN
             SELECT RAISE(ABORT, 'a used handle stays used');
           END""",
    ),
    "postgresql": (
        """CREATE TRIGGER handle_stays_used BEFORE UPDATE ON code_handles FOR EACH ROW
           WHEN (OLD.state IN ('used', 'ended') AND NEW.state IN ('live', 'dead'))
           EXECUTE FUNCTION refuse_change()""",
    ),
}
"""Those of payment codes, which came with version 3 of the schema; by SQLAlchemy dialect name."""
TRIGGERS = {"sqlite": _SQLITE + CODE_TRIGGERS["sqlite"], "postgresql": _POSTGRESQL + CODE_TRIGGERS["postgresql"]}
"""Every statement, by SQLAlchemy dialect name."""
