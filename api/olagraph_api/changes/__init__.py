"""Changes to portfolios, as clients ask for them: checked as a whole, written at once, or told why not."""

from olagraph_api.changes.importing import import_content
from olagraph_api.changes.making import imported, restored, saved, with_incidents, with_target, without_target
from olagraph_api.changes.problems import NotChanged, Problem, ProblemCode
from olagraph_api.changes.writing import Changed, Make, change, create, remove, write_back

__all__ = [
    "Changed",
    "Make",
    "NotChanged",
    "Problem",
    "ProblemCode",
    "change",
    "create",
    "import_content",
    "imported",
    "remove",
    "restored",
    "saved",
    "with_incidents",
    "with_target",
    "without_target",
    "write_back",
]
