"""Decimal numbers of ten digits: 0.1 and 0.2 are 0.3 here.

A number is a pair of whole numbers, a coefficient and an exponent, and is worth coefficient x 10^exponent. Results are
rounded to ten digits, halves away from zero, as one learns it at school.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    Number = tuple[int, int]

DIGITS = const(10)
"""As many as pocket calculators show."""
_MOST_EXPONENT = const(99)  # of the first digit, as on pocket calculators
_MOST_DECIMALS = const(12)  # written out; smaller numbers are written with an exponent
_GROUP = const(3)

ZERO: "Number" = (0, 0)
HUNDREDTH: "Number" = (1, -2)


def add(one: "Number", other: "Number") -> "Number":
    """The sum. Raises OverflowError, ArithmeticError as `rounded`."""
    exponent = min(one[1], other[1])
    return rounded(one[0] * 10 ** (one[1] - exponent) + other[0] * 10 ** (other[1] - exponent), exponent)


def subtract(one: "Number", other: "Number") -> "Number":
    """The difference. Raises OverflowError, ArithmeticError as `rounded`."""
    return add(one, (-other[0], other[1]))


def multiply(one: "Number", other: "Number") -> "Number":
    """The product. Raises OverflowError, ArithmeticError as `rounded`."""
    return rounded(one[0] * other[0], one[1] + other[1])


def divide(one: "Number", other: "Number") -> "Number":
    """The quotient. Raises ZeroDivisionError; OverflowError, ArithmeticError as `rounded`."""
    if not other[0]:
        raise ZeroDivisionError("division by zero")
    shift = DIGITS + 2 + len(str(other[0]))
    whole, rest = divmod(abs(one[0]) * 10**shift, abs(other[0]))
    # One more digit tells what lies above a half from what is one: it need not be the right one.
    coefficient = whole * 10 + (1 if rest else 0)
    if (one[0] < 0) != (other[0] < 0):
        coefficient = -coefficient
    return rounded(coefficient, one[1] - other[1] - shift - 1)


def rounded(coefficient: int, exponent: int) -> "Number":
    """The nearest number of ten digits, without zeros at its end.

    Raises OverflowError if it is 1E100 or more, ArithmeticError if it is not zero and less than 1E-99.
    """
    size = abs(coefficient)
    drop = len(str(size)) - DIGITS
    if drop > 0:
        size = (size // 10 ** (drop - 1) + 5) // 10
        exponent += drop
    if not size:
        return ZERO
    while size % 10 == 0:
        size //= 10
        exponent += 1
    first = exponent + len(str(size)) - 1
    if first > _MOST_EXPONENT:
        raise OverflowError("too large")
    if first < -_MOST_EXPONENT:
        raise ArithmeticError("too small")
    return (size if coefficient > 0 else -size), exponent


def parse(text: str) -> "Number":
    """The value of digits as they are typed: `-12.50`, `0.`, at most ten of them."""
    whole, _, decimals = text.partition(".")
    return rounded(int(whole + decimals), -len(decimals))


def written(number: "Number") -> str:
    """Every digit of a number: `1,234.5`, or `1.2345E-15` where many zeros would have to be counted."""
    coefficient, exponent = number
    sign = "-" if coefficient < 0 else ""
    digits = str(abs(coefficient))
    first = exponent + len(digits) - 1
    if coefficient and (first >= DIGITS or -exponent > _MOST_DECIMALS):
        return sign + _pointed(digits, 1) + "E" + str(first)
    if exponent >= 0:
        return sign + grouped(digits + "0" * exponent)
    digits = "0" * (1 - exponent - len(digits)) + digits
    return sign + grouped(_pointed(digits, len(digits) + exponent))


def grouped(text: str) -> str:
    """Thousands set apart by commas; what stands behind the point stays as it is."""
    sign = "-" if text.startswith("-") else ""
    whole, point, decimals = text[len(sign) :].partition(".")
    groups: "list[str]" = []
    while len(whole) > _GROUP:
        groups.insert(0, whole[-_GROUP:])
        whole = whole[:-_GROUP]
    return sign + ",".join([whole] + groups) + point + decimals


def _pointed(digits: str, place: int) -> str:
    """Digits with a point before the one at `place`, if there is one."""
    return digits[:place] + "." + digits[place:] if place < len(digits) else digits
