"""What the keys of a pocket calculator do, one after the other: no operation binds tighter than another."""

from micropython import const

from .decimals import DIGITS, HUNDREDTH, ZERO, add, divide, grouped, multiply, parse, subtract, written

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    from .decimals import Number

PLUS, MINUS, TIMES, DIVIDED = "+", "-", "*", "/"
POINT, SIGN, PERCENT, DELETE, CLEAR, EQUALS = ".", "sign", "percent", "delete", "clear", "="
_OPERATIONS = {
    PLUS: add,
    MINUS: subtract,
    TIMES: multiply,
    DIVIDED: divide,
}


class Engine:
    """Holds a number, and maybe an operation that waits for another one."""

    def __init__(self) -> None:
        self.error = ""
        """Why there is no number: `zero` after a division by it, `large`, `small`, or empty."""
        self.operation = ""
        """The one that waits, or empty."""
        self.left: "Number" = ZERO
        """What it waits with."""
        self._typed = ""
        self._value: "Number" = ZERO
        self._has_right = False
        self._again: "Optional[tuple[str, Number]]" = None

    @property
    def shown(self) -> str:
        """The number to show; as typed while it is being typed."""
        return grouped(self._typed) if self._typed else written(self._value)

    @property
    def before(self) -> str:
        """The number that the operation waits with."""
        return written(self.left) if self.operation else ""

    def press(self, key: str) -> bool:
        """Take a key. False for one that does nothing now."""
        if self.error:
            if key in _OPERATIONS or key in (EQUALS, SIGN, PERCENT):
                return False
            self._reset()
            if key in (DELETE, CLEAR):
                return True
        if key in _OPERATIONS:
            return self._guarded(self._operate, key)
        if key in _ANSWERS:
            return self._guarded(_ANSWERS[key], self)
        return self._digit(key)

    def kept(self) -> "list[Any]":
        """All of it as texts and whole numbers, for `restore`."""
        again = self._again or ("", ZERO)
        numbers = list(self._value) + list(self.left) + list(again[1])
        return [self._typed, self.operation, again[0], self._has_right] + numbers

    def restore(self, kept: "list[Any]") -> None:
        """Take up again what `kept` has said. Anything else is left alone."""
        if len(kept) != 10:
            return
        self._typed, self.operation, again, self._has_right = kept[:4]
        self._value, self.left = (kept[4], kept[5]), (kept[6], kept[7])
        self._again = (again, (kept[8], kept[9])) if again else None

    def _reset(self) -> bool:
        self.error = self.operation = self._typed = ""
        self.left = self._value = ZERO
        self._has_right = False
        self._again = None
        return True

    def _guarded(self, answer: "Any", argument: "Any") -> bool:
        """Do it; what has no result becomes an error that stays until the next digit."""
        try:
            return answer(argument)
        except ZeroDivisionError:
            error = "zero"
        except OverflowError:
            error = "large"
        except ArithmeticError:
            error = "small"
        self._reset()
        self.error = error
        return True

    def _current(self) -> "Number":
        return parse(self._typed) if self._typed else self._value

    def _digit(self, key: str) -> bool:
        if len(self._typed.replace("-", "").replace(".", "")) >= DIGITS:
            return False
        if self._typed in ("0", "-0"):
            self._typed = self._typed[:-1]
        self._typed += key
        self._has_right = self.operation != ""
        return True

    def _point(self) -> bool:
        if POINT in self._typed:
            return False
        self._typed = (self._typed or "0") + POINT
        self._has_right = self.operation != ""
        return True

    def _sign(self) -> bool:
        if self._typed:
            self._typed = self._typed[1:] if self._typed[0] == "-" else "-" + self._typed
        else:
            self._value = (-self._value[0], self._value[1])
        self._has_right = self.operation != ""
        return True

    def _percent(self) -> bool:
        """A part of the number before it for plus and minus, else a hundredth."""
        value = multiply(self._current(), HUNDREDTH)
        if self.operation in (PLUS, MINUS):
            value = multiply(self.left, value)
        self._put(value)
        self._has_right = self.operation != ""
        return True

    def _operate(self, key: str) -> bool:
        if self._has_right:
            self._put(_OPERATIONS[self.operation](self.left, self._current()))
        else:
            self._put(self._current())
        self.operation, self.left = key, self._value
        self._has_right = False
        return True

    def _equals(self) -> bool:
        """The result; once more the last operation if none waits."""
        if self.operation:
            self._again = (self.operation, self._current())
            self._put(_OPERATIONS[self.operation](self.left, self._current()))
        elif self._again is not None:
            operation, right = self._again
            self._put(_OPERATIONS[operation](self._current(), right))
        else:
            self._put(self._current())
        self.operation = ""
        self._has_right = False
        return True

    def _delete(self) -> bool:
        """The last digit, else the operation that waits, else everything."""
        if len(self._typed.lstrip("-")) > 1:
            self._typed = self._typed[:-1]
        elif self._typed and self._typed != "0":
            self._typed = "0"
        elif self._has_right:
            self._put(self.left)
            self._has_right = False
        elif self.operation:
            self.operation = ""
        else:
            self._reset()
        return True

    def _put(self, value: "Number") -> None:
        self._typed, self._value = "", value


_ANSWERS = {
    POINT: Engine._point,
    SIGN: Engine._sign,
    PERCENT: Engine._percent,
    DELETE: Engine._delete,
    CLEAR: Engine._reset,
    EQUALS: Engine._equals,
}
