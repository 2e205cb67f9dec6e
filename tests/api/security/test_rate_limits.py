"""Token buckets: exact waits, refunds, bounded memory."""

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olagraph_api.security.rate_limits import RateLimit, RateLimiter, Refused, client_of

SECOND = 10**9

limits = st.builds(
    RateLimit,
    burst=st.integers(1, 1000),
    units=st.integers(1, 1000),
    seconds=st.sampled_from([1, 7, 60, 3600]),
)
steps = st.lists(
    st.tuples(st.sampled_from(["spend", "refund"]), st.integers(0, 1100), st.integers(0, 20 * SECOND)),
    max_size=30,
)


def test_a_burst_is_granted_and_then_the_rate():
    limiter = RateLimiter(RateLimit(burst=10, units=2))
    assert limiter.spend("ana", 10, now=0) is None
    assert limiter.spend("ana", 1, now=0) == Refused(1)
    assert limiter.spend("ana", 4, now=0) == Refused(2)
    assert limiter.spend("ana", 5, now=0) == Refused(3)
    assert limiter.spend("ana", 1, now=SECOND // 2) is None
    assert limiter.spend("ana", 1, now=SECOND // 2) == Refused(1)
    assert limiter.spend("bo", 10, now=0) is None


def test_what_costs_more_than_a_full_bucket_is_never_granted():
    assert RateLimiter(RateLimit(burst=10, units=2)).spend("ana", 11, now=0) == Refused(None)


def test_what_was_not_used_comes_back():
    limiter = RateLimiter(RateLimit(burst=10, units=1))
    assert limiter.spend("ana", 10, now=0) is None
    limiter.refund("ana", 7, now=0)
    assert limiter.spend("ana", 8, now=0) == Refused(1)
    assert limiter.spend("ana", 7, now=0) is None


@given(limits, steps)
def test_every_step_agrees_with_the_definition(limit, taken):
    """The oracle keeps the level as a fraction."""
    limiter, level, now = RateLimiter(limit), Fraction(limit.burst), 0
    for what, units, passed in taken:
        now += passed
        level = min(Fraction(limit.burst), level + Fraction(passed * limit.units, limit.seconds * SECOND))
        if what == "refund":
            limiter.refund("ana", units, now=now)
            level = min(Fraction(limit.burst), level + units)
            continue
        refused = limiter.spend("ana", units, now=now)
        assert (refused is None) == (units <= level)
        if refused is None:
            level -= units
        else:
            assert (refused.retry_after is None) == (units > limit.burst)


@given(limits, st.integers(1, 1000), st.integers(1, 1000), st.integers(0, 10 * SECOND))
def test_the_wait_told_is_enough_and_the_shortest_in_whole_seconds(limit, spent, wanted, passed):
    def limiter() -> RateLimiter:
        fresh = RateLimiter(limit)
        fresh.spend("ana", min(spent, limit.burst), now=0)
        return fresh

    refused = limiter().spend("ana", wanted, now=passed)
    if refused is None or refused.retry_after is None:
        return
    assert refused.retry_after >= 1
    assert limiter().spend("ana", wanted, now=passed + refused.retry_after * SECOND) is None
    assert limiter().spend("ana", wanted, now=passed + (refused.retry_after - 1) * SECOND) is not None


def test_a_clock_that_stands_still_or_goes_back_gives_nothing():
    limiter = RateLimiter(RateLimit(burst=1, units=1))
    assert limiter.spend("ana", 1, now=10 * SECOND) is None
    assert limiter.spend("ana", 1, now=0) == Refused(1)
    assert limiter.spend("ana", 1, now=10 * SECOND) == Refused(1)
    assert limiter.spend("ana", 1, now=11 * SECOND) is None


def test_memory_is_bounded_and_the_client_not_seen_for_longest_is_forgotten():
    limiter = RateLimiter(RateLimit(burst=1, units=1), most_clients=100)
    assert limiter.spend("ana", 1, now=0) is None
    for n in range(10_000):
        assert limiter.spend(f"stranger {n}", 1, now=0) is None
        assert limiter.spend("ana", 1, now=0) == Refused(1)
    assert len(limiter) == 100


def test_threads_do_not_get_more_than_there_is():
    limiter = RateLimiter(RateLimit(burst=500, units=1))
    with ThreadPoolExecutor(8) as pool:
        granted = list(pool.map(lambda _: limiter.spend("ana", 1, now=0) is None, range(2_000)))
    assert sum(granted) == 500


@pytest.mark.parametrize(
    "wrong", [{"burst": 0, "units": 1}, {"burst": 1, "units": 0}, {"burst": 1, "units": 1, "seconds": 0}]
)
def test_a_limit_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match="whole numbers above zero"):
        RateLimit(**wrong)


def test_nothing_negative_is_spent_or_given_back():
    limiter = RateLimiter(RateLimit(burst=1, units=1))
    with pytest.raises(ValueError, match="a cost is not negative"):
        limiter.spend("ana", -1, now=0)
    with pytest.raises(ValueError, match="a refund is not negative"):
        limiter.refund("ana", -1, now=0)


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_all_addresses_of_one_household_are_one_client(address, client):
    assert client_of(address) == client
