"""What a change touches."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """The services that a change touches, with regard to some metrics; those that are gone included.

    Attributes:
        stated: they, or the promises on uses of them, are stated otherwise than before.
        using: those, and the services that use any of them directly.
        above: those, and the services that use any of them directly or through others.
    """

    stated: frozenset[str]
    using: frozenset[str]
    above: frozenset[str]

    def __or__(self, other: "Touched") -> "Touched":
        """What two changes, one after the other, touch."""
        return Touched(
            stated=self.stated | other.stated,
            using=self.using | other.using,
            above=self.above | other.above,
        )


NOTHING = Touched(stated=frozenset(), using=frozenset(), above=frozenset())
