"""What differs between two assessments of a portfolio."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Differences(Generic[K, V]):
    """What has become of things with identities, in the order of the later ones.

    Attributes:
        appeared, changed: as they are now.
        gone: as they were, by identity.
    """

    appeared: tuple[V, ...]
    changed: tuple[V, ...]
    gone: Mapping[K, V]

    def __bool__(self) -> bool:
        return bool(self.appeared or self.changed or self.gone)


def differences(before: Mapping[K, V], after: Mapping[K, V]) -> Differences[K, V]:
    """What has appeared, changed and gone."""
    return Differences(
        appeared=tuple(value for key, value in after.items() if key not in before),
        changed=tuple(
            value
            for key, value in after.items()
            if key in before and before[key] is not value and before[key] != value
        ),
        gone={key: value for key, value in before.items() if key not in after},
    )
