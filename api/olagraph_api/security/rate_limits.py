"""Rate limits: a bucket of cost units a client, filled at a steady rate (token bucket).

Amounts are integers, units × nanoseconds of filling, so that the waiting time told is exact.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

_NANOSECONDS = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """What a client may spend.

    Attributes:
        burst: units that a full bucket holds.
        units, seconds: the bucket fills by `units` every `seconds`.
    """

    burst: int
    units: int
    seconds: int = 1

    def __post_init__(self) -> None:
        if min(self.burst, self.units, self.seconds) < 1:
            raise ValueError("a rate limit takes whole numbers above zero")

    @property
    def unit(self) -> int:
        """One unit as buckets count them."""
        return self.seconds * _NANOSECONDS


@dataclass(frozen=True, slots=True)
class Bucket:
    """What was left at a moment: `level` in fractions of a unit (RateLimit.unit), `at` in nanoseconds."""

    level: int
    at: int

    def filled(self, limit: RateLimit, *, now: int) -> "Bucket":
        """The bucket at a later moment."""
        elapsed = max(0, now - self.at)
        return Bucket(min(limit.burst * limit.unit, self.level + elapsed * limit.units), max(self.at, now))


@dataclass(frozen=True, slots=True)
class Refused:
    """Too much was asked.

    Attributes:
        retry_after: whole seconds, the fewest after which the same would be granted; None = never, as it costs
            more than a full bucket holds.
    """

    retry_after: int | None


class RateLimiter:
    """The buckets of many clients, in bounded memory. It may be used by several threads.

    Where there are too many clients, the one not seen for longest is forgotten: its bucket is the fullest.
    """

    def __init__(self, limit: RateLimit, *, most_clients: int = 50_000) -> None:
        self.limit = limit
        self._most_clients = most_clients
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def spend(self, client: str, cost: int, *, now: int) -> Refused | None:
        """Take `cost` units of the client's, all or nothing.

        Args:
            now: nanoseconds of a clock that never goes back.

        Returns:
            None, or why not.
        """
        if cost < 0:
            raise ValueError("a cost is not negative")
        wanted = cost * self.limit.unit
        with self._lock:
            bucket = self._bucket(client, now)
            if wanted <= bucket.level:
                self._keep(client, Bucket(bucket.level - wanted, bucket.at))
                return None
            self._keep(client, bucket)
        if cost > self.limit.burst:
            return Refused(None)
        return Refused(-(-(wanted - bucket.level) // (self.limit.units * _NANOSECONDS)))

    def refund(self, client: str, units: int, *, now: int) -> None:
        """Give back what was taken and not used; a bucket does not overflow."""
        if units < 0:
            raise ValueError("a refund is not negative")
        with self._lock:
            bucket = self._bucket(client, now)
            level = min(self.limit.burst * self.limit.unit, bucket.level + units * self.limit.unit)
            self._keep(client, Bucket(level, bucket.at))

    def __len__(self) -> int:
        return len(self._buckets)

    def _bucket(self, client: str, now: int) -> Bucket:
        known = self._buckets.get(client)
        return (
            Bucket(self.limit.burst * self.limit.unit, now)
            if known is None
            else known.filled(self.limit, now=now)
        )

    def _keep(self, client: str, bucket: Bucket) -> None:
        self._buckets[client] = bucket
        self._buckets.move_to_end(client)
        if len(self._buckets) > self._most_clients:
            self._buckets.popitem(last=False)


def client_of(address: str) -> str:
    """What stands for one client of an address: of IPv6 the first 64 bits, as one household has all of the rest."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
