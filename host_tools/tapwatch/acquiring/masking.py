"""Messages in a form that may be logged: no account number, no track, no chip data."""

from collections.abc import Mapping

_HIDDEN = ("35", "55")


def mask_pan(pan: str) -> str:
    """Return the first six and last four digits of a PAN, the rest starred (PCI DSS requirement 3.4)."""
    if len(pan) < 13:
        return "*" * len(pan)
    return f"{pan[:6]}{'*' * (len(pan) - 10)}{pan[-4:]}"


def describe(fields: Mapping[str, str]) -> str:
    """Return one line for the log."""
    parts = [fields.get("t", "????")]
    for name in sorted((name for name in fields if name.isdigit()), key=int):
        parts.append(f"{name}={_shown(name, fields[name])}")
    return " ".join(parts)


def _shown(name: str, value: str) -> str:
    if name == "2":
        return mask_pan(value)
    if name in _HIDDEN:
        return f"({len(value)} characters)"
    return value.strip()
