"""When events are, in words and in days."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Entry, Words

DAY_MIN = const(1440)
_2000_01_01 = const(5)  # a Saturday, counted from Monday = 0


def day_text(words: "Words", minutes: int, now: int) -> str:
    """The day of a minute: today, tomorrow, or its date."""
    ahead = minutes // DAY_MIN - now // DAY_MIN
    if ahead == 0:
        return words.get("today")
    return words.get("tomorrow") if ahead == 1 else words.date(minutes)


def line_text(words: "Words", event: "Entry", now: int) -> str:
    """When an event is, in one line of a list."""
    if event.all_day:
        return day_text(words, max(event.start, min(now, event.end - 1)), now) + " · " + words.get("all-day")
    if event.start <= now < event.end:
        same = event.end // DAY_MIN == now // DAY_MIN
        return words.get("now", words.time(event.end) if same else words.date(event.end))
    return day_text(words, event.start, now) + " " + words.time(event.start)


def two_lines(words: "Words", event: "Entry", now: int) -> "tuple[str, str]":
    """When an event is, in two lines: its day and its times, or where it begins and where it ends."""
    last = max(event.end - 1, event.start)
    first = day_text(words, event.start, now)
    several = last // DAY_MIN != event.start // DAY_MIN
    if event.all_day:
        return first, words.get("until", words.date(last)) if several else words.get("all-day")
    begin, end = words.time(event.start), words.time(event.end)
    if several:
        days = event.end // DAY_MIN
        near = days - event.start // DAY_MIN < len(words.days)
        until = words.days[(days + _2000_01_01) % len(words.days)] + " " + end if near else words.date(event.end)
        return first + " " + begin, words.get("until", until)
    return first, begin if event.end == event.start else begin + " – " + end


def marks(events: "list[Entry]", first_day: int, count: int) -> bytearray:
    """For each of `count` days from `first_day` on (since 2000-01-01), 1 if something is on that day."""
    found = bytearray(count)
    for event in events:
        last = max(event.end - 1, event.start) // DAY_MIN
        for day in range(max(event.start // DAY_MIN, first_day), min(last, first_day + count - 1) + 1):
            found[day - first_day] = 1
    return found
