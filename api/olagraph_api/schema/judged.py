"""The verdicts and findings of a day, as a field was asked for them."""

from dataclasses import dataclass
from datetime import date

from olagraph_api.schema.catalogue import Catalogue
from olagraph_api.schema.info import Info
from olagraph_api.schema.judgements import Judgements


@dataclass(frozen=True, slots=True)
class Judged:
    """A catalogue with its verdicts and findings on a day.

    Attributes:
        asked: the day as it was asked for; None = whatever day it is: then the ids of nodes name none, and those
            of today's verdicts stay the same tomorrow.
    """

    catalogue: Catalogue
    judgements: Judgements
    asked: date | None


def judged_on(catalogue: Catalogue, as_of: date | None, info: Info) -> Judged:
    """The verdicts and findings on a day, or today's."""
    return Judged(catalogue, catalogue.judgements(as_of or info.context.today()), as_of)
