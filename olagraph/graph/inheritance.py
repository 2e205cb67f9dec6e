"""Agreements that inherit from others (SEMANTICS §1)."""

from collections.abc import Mapping
from dataclasses import replace

from olagraph.model.entities import Agreement, Target


def inherited(agreement: Agreement, parent: Agreement) -> Agreement:
    """`agreement` with what it leaves open filled in from `parent` (SEMANTICS §1).

    A child that states a (metric, priority) replaces all the parent's targets on it. Inherited are targets, covers,
    hours, window, exclusions, credits, claim and notice; never id, kind, parties, dates or review.
    """
    stated = {_metric_and_priority(target) for target in agreement.targets}
    kept = tuple(target for target in parent.targets if _metric_and_priority(target) not in stated)
    return replace(
        agreement,
        targets=agreement.targets + kept,
        covers=agreement.covers if agreement.covers is not None else parent.covers,
        hours=agreement.hours if agreement.hours is not None else parent.hours,
        window=agreement.window if agreement.window is not None else parent.window,
        exclusions=agreement.exclusions if agreement.exclusions is not None else parent.exclusions,
        credits=agreement.credits if agreement.credits is not None else parent.credits,
        claim=agreement.claim if agreement.claim is not None else parent.claim,
        notice=agreement.notice if agreement.notice is not None else parent.notice,
    )


def _metric_and_priority(target: Target) -> tuple[str, str | None]:
    return target.metric, target.population.name if target.population else None


def with_inheritance(
    stated: Mapping[str, Agreement], *, before: Mapping[str, Agreement], then: Mapping[str, Agreement]
) -> dict[str, Agreement]:
    """Every agreement with what it inherits filled in; what came of the same two agreements before comes of them now.

    Args:
        before, then: earlier agreements as stated, and with what they inherited.
    """
    effective: dict[str, Agreement] = {}
    for agreement in stated.values():
        if agreement.inherits is None:
            effective[agreement.id] = agreement
            continue
        chain = [agreement]
        while chain[-1].inherits is not None and chain[-1].id not in effective:
            chain.append(stated[chain[-1].inherits])
        for child in reversed(chain):
            if child.id in effective:
                continue
            if child.inherits is None:
                effective[child.id] = child
                continue
            parent = effective[child.inherits]
            as_before = before.get(child.id) is child and then.get(parent.id) is parent
            effective[child.id] = then[child.id] if as_before else inherited(child, parent)
    return {id_: effective[id_] for id_ in stated}
