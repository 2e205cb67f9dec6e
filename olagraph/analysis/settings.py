"""What an assessment may assume: the day and the thresholds of findings, validated once."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of an assessment; thresholds are printed with the findings that use them.

    Attributes:
        as_of: the day of assessment.
        thin_margin: a met target that uses more than this share of its budget is `THIN_MARGIN`.
        overprovisioned_factor: `OVERPROVISIONED` multiplies a promise's unavailability (or time) by this.
        overprovisioned_share: and asks that it uses less than this share of an equal share of the budget.
        single_point_slas: a component whose failure takes down this many SLAs is a single point of failure.
        restore_in_order: restores after a disaster wait for what they need (RTO); False = all start at once.

    Raises:
        ValueError: a threshold out of range.
    """

    as_of: date
    thin_margin: float = 0.9
    overprovisioned_factor: int = 3
    overprovisioned_share: float = 0.1
    single_point_slas: int = 3
    restore_in_order: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.thin_margin <= 1:
            raise ValueError(f"thin_margin must lie in (0, 1], not {self.thin_margin}")
        if self.overprovisioned_factor <= 1:
            raise ValueError(f"overprovisioned_factor must be above 1, not {self.overprovisioned_factor}")
        if not 0 < self.overprovisioned_share <= 1:
            raise ValueError(f"overprovisioned_share must lie in (0, 1], not {self.overprovisioned_share}")
        if self.single_point_slas < 1:
            raise ValueError(f"single_point_slas must be at least 1, not {self.single_point_slas}")
