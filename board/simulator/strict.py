"""A list of misuse for a watch that somebody uses."""


class Strict(list):
    """Stays empty: a simulated watch must not hide what a chip forbids."""

    def append(self, text: str) -> None:
        """Raises RuntimeError."""
        raise RuntimeError(text)
