"""The table of decisions: amounts on both sides of each limit."""

from tests.firmware.payment.card_kit import CURRENCY, LIMITS
from watch.payment.limits import CONFIRM, OVER_LIMIT, SEE_DEVICE, SENT, Limits, decide, needs_cdcvm
from watch.payment.spending import Spending

# LIMITS: per tap 50,000; confirm above 20,000; without CDCVM 5,000 a tap, 5 taps, 15,000 in all; 100,000 a day.
FRESH, STALE = True, False
# amount, currency, cdcvm, terminal asks for a CVM, (today, taps, sum), confirmed, result
TABLE = (
    (0, 978, STALE, False, (0, 0, 0), None, SENT),
    (1, 978, STALE, False, (0, 0, 0), None, SENT),
    (5_000, 978, STALE, False, (0, 0, 0), None, SENT),
    (5_001, 978, STALE, False, (0, 0, 0), None, SEE_DEVICE),
    (5_001, 978, FRESH, False, (0, 0, 0), None, SENT),
    (1, 978, STALE, True, (0, 0, 0), None, SEE_DEVICE),
    (1, 978, FRESH, True, (0, 0, 0), None, SENT),
    (1, 978, STALE, False, (0, 4, 0), None, SENT),
    (1, 978, STALE, False, (0, 5, 0), None, SEE_DEVICE),
    (1, 978, FRESH, False, (0, 5, 0), None, SENT),
    (5_000, 978, STALE, False, (0, 3, 10_000), None, SENT),
    (5_000, 978, STALE, False, (0, 3, 10_001), None, SEE_DEVICE),
    (5_000, 978, FRESH, False, (0, 3, 10_001), None, SENT),
    (20_000, 978, FRESH, False, (0, 0, 0), None, SENT),
    (20_001, 978, FRESH, False, (0, 0, 0), None, CONFIRM),
    (20_001, 978, FRESH, False, (0, 0, 0), (20_001, 978), SENT),
    (20_001, 978, FRESH, False, (0, 0, 0), (20_002, 978), CONFIRM),
    (20_001, 978, FRESH, False, (0, 0, 0), (20_001, 840), CONFIRM),
    (20_001, 978, STALE, False, (0, 0, 0), (20_001, 978), SEE_DEVICE),
    (50_000, 978, FRESH, True, (0, 0, 0), (50_000, 978), SENT),
    (50_001, 978, FRESH, True, (0, 0, 0), (50_001, 978), OVER_LIMIT),
    (50_001, 978, STALE, True, (0, 0, 0), None, OVER_LIMIT),
    (10_000, 978, FRESH, False, (90_000, 0, 0), None, SENT),
    (10_001, 978, FRESH, False, (90_000, 0, 0), None, OVER_LIMIT),
    (0, 978, FRESH, False, (100_000, 0, 0), None, SENT),
    (999_999_999_999, 978, FRESH, True, (0, 0, 0), (999_999_999_999, 978), OVER_LIMIT),
    # Another currency: always a fresh passcode and a confirmation; the amounts cannot be compared.
    (1, 840, STALE, False, (0, 0, 0), None, SEE_DEVICE),
    (1, 840, FRESH, False, (0, 0, 0), None, CONFIRM),
    (1, 840, FRESH, False, (0, 0, 0), (1, 840), SENT),
    (1, 840, FRESH, False, (0, 0, 0), (1, 978), CONFIRM),
    (70_000, 392, FRESH, True, (100_000, 0, 0), (70_000, 392), SENT),
)


def result_of(amount, currency, cdcvm, required, spent, confirmed, limits=LIMITS):
    """Both steps, as the card takes them."""
    spending = Spending(0, spent[0], spent[1], spent[2])
    allowed = Limits(limits)
    foreign = currency != CURRENCY
    missing = needs_cdcvm(amount, foreign, required, allowed, spending) and not cdcvm
    return decide(amount, currency, foreign, missing, allowed, spending, confirmed)


def test_table():
    for row in TABLE:
        assert result_of(*row[:-1]) == row[-1], row
    print("NOTE limit decisions checked:", len(TABLE))


def test_a_confirmation_never_lifts_a_limit():
    for amount in (50_001, 99_999, 100_001):
        assert result_of(amount, CURRENCY, FRESH, False, (0, 0, 0), (amount, CURRENCY)) == OVER_LIMIT


def test_limits_of_zero_allow_nothing_but_nothing():
    zero = dict.fromkeys(range(1, 8), 0)
    assert result_of(0, CURRENCY, FRESH, False, (0, 0, 0), None, zero) == SENT
    assert result_of(1, CURRENCY, FRESH, False, (0, 0, 0), None, zero) == OVER_LIMIT
    assert result_of(0, CURRENCY, STALE, False, (0, 0, 0), None, zero) == SEE_DEVICE


def test_a_fresh_passcode_only_ever_allows_more():
    for amount in range(0, 60_000, 777):
        for spent in ((0, 0, 0), (60_000, 4, 14_000), (99_000, 5, 15_000)):
            stale = result_of(amount, CURRENCY, STALE, False, spent, None)
            fresh = result_of(amount, CURRENCY, FRESH, False, spent, None)
            assert stale != SENT or fresh == SENT
            assert (stale == OVER_LIMIT) == (fresh == OVER_LIMIT)
