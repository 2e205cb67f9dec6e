"""Figures averaged over several members (SEMANTICS §6): about one member they say little."""

from fractions import Fraction

from olagraph.metrics.conversion.terms import Conversion, ConversionKind, Share, Terms
from olagraph.metrics.conversion.wording import kept


def from_average(share: Share, *, promise: Terms, target: Terms) -> tuple[Share, tuple[Conversion, ...]]:
    """What a figure averaged over n members says about one of them, or about an average over m of them.

    All failure may fall on the members the target speaks of: u ≤ min(1, n·u/m). Favourably the others fail
    first: u ≥ max(0, n·u − (n−m))/m. An average over more members, or other ones, is bounded by each member
    alone (m = 1); what each member keeps, every average keeps.

    Returns:
        The converted share and the steps, none if nothing is averaged.
    """
    members, meant = promise.averaged_over or 1, target.averaged_over or 1
    if members in (1, meant):
        return share, ()
    if meant > members:
        meant = 1
    after = Share(
        worst=min(Fraction(1), members * share.worst / meant),
        favourable=max(Fraction(0), members * share.favourable - (members - meant)) / meant,
    )
    about = "one of them" if meant == 1 else f"{meant} of them"
    sentence = (
        f"{kept(share.worst)} on average over {members} members is {kept(after.worst)} for {about}, "
        f"all failure may fall there"
    )
    return after, (Conversion(kind=ConversionKind.AVERAGE, sentence=sentence, before=share, after=after),)
