"""What the other side calls itself. It is its own invention: a help for the eye, and never a reason to trust."""

from micropython import const

from watch.ble.text import text_of

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ble.client import AnyLink, Client

GENERIC_ACCESS, DEVICE_NAME = const(0x1800), const(0x2A00)
"""UUIDs, Assigned Numbers section 3."""
READ_BYTES = const(64)
"""Of a name that is looked at; whoever shows or keeps it cleans it and cuts it again."""


async def name_of(client: "Client", link: "AnyLink") -> str:
    """The device's name, as it says it; empty if it has none.

    Raises LinkError, DeadlineError; InputError for a refusal and for what is no text.
    """
    rows = await client.find(link, GENERIC_ACCESS, (DEVICE_NAME,))
    if rows is None:
        return ""
    return text_of((await client.read(link, rows[0]))[:READ_BYTES])
