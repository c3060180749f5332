"""The calculator of the watch against Python's `decimal`, over thousands of random sequences of keys."""

import os
import random
import subprocess
from decimal import ROUND_HALF_UP, Context, Decimal

from tapwatch.compiled import search_path
from tests.screens.micropython import MICROPYTHON, ROOT

DIGITS = 10
CONTEXT = Context(prec=DIGITS, rounding=ROUND_HALF_UP, Emin=-9999, Emax=9999)
LARGEST_EXPONENT = 99
SEQUENCES = 200_000 if os.environ.get("TAPWATCH_LONG") == "1" else 4000
KEYS = (
    *("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "9", "3", "."),
    *("+", "-", "*", "/", "*", "/", "=", "=", "sign", "percent", "delete"),
)
EXAMPLES = {
    "0 . 1 + 0 . 2 =": "0.3",
    "2 + 3 * 4 =": "20",
    "1 / 3 =": "0.3333333333",
    "2 / 3 =": "0.6666666667",
    "1 / 3 * 3 =": "0.9999999999",
    "5 0 + 1 0 percent =": "55",
    "5 0 * 1 0 percent =": "5",
    "5 + = = =": "20",
    "7 / 0 =": "zero",
    "7 / 0 = 5": "5",
    "9 9 9 9 9 9 9 9 9 9 + 1 =": "1E10",
    "1 2 3 4 5 6 7 8 9 0 1 2": "1,234,567,890",
    "0 0 7 sign": "-7",
    "1 . . 5": "1.5",
    "8 + 4 delete delete delete =": "8",
    "1 2 delete delete": "0",
    "3 + * 2 =": "6",
}


class Model:
    """The same keys with `decimal.Decimal`: the number on show, the one that waits, and what was typed."""

    def __init__(self) -> None:
        self.typed, self.shown, self.left = "", Decimal(0), Decimal(0)
        self.operation, self.error, self.right = "", "", False
        self.again: tuple[str, Decimal] | None = None

    def press(self, key: str) -> None:
        """Take a key."""
        if self.error:
            if key in "+-*/=" or key in ("sign", "percent"):
                return
            self.__init__()
            if key == "delete":
                return
        if key.isdigit() or key == ".":
            self._type(key)
        elif key == "delete":
            self._delete()
        elif key == "sign":
            self._sign()
        else:
            self._count(key)

    @property
    def number(self) -> Decimal:
        """The number on show."""
        return Decimal(self.typed) if self.typed else self.shown

    def _type(self, key: str) -> None:
        figures = sum(letter.isdigit() for letter in self.typed)
        if key == ".":
            if "." in self.typed:
                return
            self.typed = (self.typed or "0") + "."
        elif figures < DIGITS:
            self.typed = (self.typed[:-1] if self.typed in ("0", "-0") else self.typed) + key
        else:
            return
        self.right = bool(self.operation)

    def _delete(self) -> None:
        if len(self.typed.lstrip("-")) > 1:
            self.typed = self.typed[:-1]
        elif self.typed not in ("", "0"):
            self.typed = "0"
        elif self.right:
            self.typed, self.shown, self.right = "", self.left, False
        elif self.operation:
            self.operation = ""
        else:
            self.__init__()

    def _sign(self) -> None:
        if self.typed:
            self.typed = self.typed[1:] if self.typed.startswith("-") else "-" + self.typed
        else:
            self.shown = -self.shown
        self.right = bool(self.operation)

    def _count(self, key: str) -> None:
        number, error = self.number, ""
        if key == "percent":
            result = number.scaleb(-2, CONTEXT)
            error = _range(result)
            if self.operation in ("+", "-"):
                result = CONTEXT.multiply(self.left, result)
        elif key == "=" and not self.operation and self.again:
            result, error = _operate(self.again[0], number, self.again[1])
        elif self.operation and (key == "=" or self.right):
            result, error = _operate(self.operation, self.left, number)
        else:
            result = number
        if error or _range(result):
            self.__init__()
            self.error = error or _range(result)
            return
        if key == "=" and self.operation:
            self.again = (self.operation, number)
        self.typed, self.shown = "", result
        self.right = key == "percent" and bool(self.operation)
        if key != "percent":
            self.operation, self.left = "" if key == "=" else key, self.left if key == "=" else result


def _operate(operation: str, left: Decimal, right: Decimal) -> tuple[Decimal, str]:
    if operation == "/" and not right:
        return Decimal(0), "zero"
    work = {"+": CONTEXT.add, "-": CONTEXT.subtract, "*": CONTEXT.multiply, "/": CONTEXT.divide}[operation]
    return work(left, right), ""


def _range(number: Decimal) -> str:
    if not number:
        return ""
    exponent = number.adjusted()
    return "large" if exponent > LARGEST_EXPONENT else "small" if exponent < -LARGEST_EXPONENT else ""


def shown(sequences: list[str]) -> list[str]:
    """What the watch shows for each."""
    done = subprocess.run(
        [MICROPYTHON, "-X", "heapsize=8M", "tests/host/apps/calculator_keys.py"],
        input="".join(keys + "\n" for keys in sequences),
        cwd=ROOT,
        env=dict(os.environ, MICROPYPATH=search_path()),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_examples_of_a_pocket_calculator() -> None:
    assert dict(zip(EXAMPLES, shown(list(EXAMPLES)), strict=True)) == EXAMPLES


def test_random_keys_give_what_decimal_gives() -> None:
    source = random.Random(2026)
    sequences = [" ".join(source.choices(KEYS, k=source.randint(3, 40))) for _ in range(SEQUENCES)]
    sequences += ["9 9 9 9 9 9 9 9 9 *" + " =" * count for count in range(8, 16)]
    sequences += [". 0 0 0 0 0 0 0 0 3 *" + " =" * count for count in range(8, 16)]
    results: dict[str, int] = {}
    for keys, text in zip(sequences, shown(sequences), strict=True):
        model = Model()
        for key in keys.split():
            model.press(key)
        expected = model.error or model.number
        got = text if text in ("zero", "large", "small") else Decimal(text.replace(",", ""))
        assert got == expected, (keys, text, expected)
        kind = text if isinstance(got, str) else "exponent" if "E" in text else "number"
        results[kind] = results.get(kind, 0) + 1
        assert len(text) <= len("-1.234567891E-99"), (keys, text)
    print(f"NOTE calculator against decimal: {len(sequences)} sequences of keys, 0 differences: {results}")
    assert {"number", "exponent", "zero", "large", "small"} <= set(results)
