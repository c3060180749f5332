"""Errors of the acquiring link."""


class AcquiringProblem(Exception):
    """Base of everything this room raises on purpose."""


class MessageProblem(AcquiringProblem):
    """Bytes or fields are not a message of our specification; `field` names the first bad one, "" if unknown."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


class LinkProblem(AcquiringProblem):
    """The bank could not be reached, hung up, or did not answer in time. What it did with the request is unknown."""
