"""What a report is about: a result, and what its reader must know besides."""

from dataclasses import dataclass
from datetime import date

from olagraph.analysis.results import Assessment, Explanation, Feasibility, Severity
from olagraph.documents.change_log import Change
from olagraph.documents.changes import ChangeSet
from olagraph.model.entities import Portfolio


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentReport:
    """An assessment to be shown.

    Attributes:
        portfolio: what was assessed; it gives names and kinds.
        source: the portfolio as named on the command line; None for standard input and stores.
        baseline: fingerprints of findings that are known already and do not count.
        fail_on: the mildest severity that counts as a failure; None = nothing does.
        version: of olagraph, for formats that name their maker.
    """

    portfolio: Portfolio
    assessment: Assessment
    source: str | None = None
    baseline: frozenset[str] = frozenset()
    fail_on: Severity | None = Severity.ERROR
    version: str = ""

    @property
    def failed(self) -> bool:
        """Whether a finding that the baseline lacks is as bad as `fail_on`."""
        return any(self.counts(each.severity, each.fingerprint) for each in self.assessment.findings)

    def counts(self, severity: Severity, fingerprint: str) -> bool:
        """Whether a finding of that severity and fingerprint is a failure."""
        return (
            self.fail_on is not None
            and severity.rank <= self.fail_on.rank
            and fingerprint not in self.baseline
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationReport:
    """Explanations of the targets of one agreement to be shown."""

    portfolio: Portfolio
    explanations: tuple[Explanation, ...]
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FeasibilityReport:
    """An answer to "could this be promised?" to be shown."""

    portfolio: Portfolio
    feasibility: Feasibility
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesReport:
    """A change set to be shown.

    Attributes:
        revision: after it; None where it was not, or not yet, made.
    """

    edits: ChangeSet
    revision: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryReport:
    """The change log of a portfolio to be shown.

    Attributes:
        portfolio: its id.
        changes: the latest first.
        edits: of the one change listed, where they were asked for.
        more: whether there are earlier changes.
    """

    portfolio: str
    changes: tuple[Change, ...]
    edits: ChangeSet = ()
    more: bool = False
