"""Incidents: when a service was not available. Those without an id of their own are told apart by service and start."""

from collections.abc import Iterable
from typing import Any

from olagraph.documents.quantities import Share
from olagraph.documents.reading import Kind, Reading
from olagraph.documents.records import Entry, Field, Record, Stated
from olagraph.documents.scalars import Identifier, Moment, Refers, is_id
from olagraph.documents.tree import ScalarNode
from olagraph.model.entities import Incident, incident_id
from olagraph.model.moment import moment_text, parse_moment


class IncidentRecord(Record[Incident]):
    """An incident; it ends after it begins."""

    def identity(self, entries: Iterable[Entry]) -> ScalarNode | None:
        """The id stated, else that of the service and the start, at the start."""
        entries = tuple(entries)
        own = super().identity(entries)
        if own is not None or any(key.text == "id" for key, _ in entries):
            return own
        texts = {key.text: node for key, node in entries if isinstance(node, ScalarNode)}
        service, begins = texts.get("service"), texts.get("from")
        if service is None or begins is None or not is_id(service.text):
            return None
        try:
            text = moment_text(parse_moment(begins.text))
        except ValueError:
            return None
        return begins._replace(text=incident_id(service.text, text))

    def attributes(self, stated: Stated, reading: Reading) -> dict[str, Any]:
        begins, ends = stated.values["from"], stated.values["to"]
        if ends <= begins:
            found = f"it ends at {moment_text(ends)}, no later than it begins"
            raise reading.fault(*stated.at("to"), found, expected=f"later than {moment_text(begins)}")
        return super().attributes(stated, reading)

    def stated(self, value: Incident) -> dict[str, Any]:
        written = super().stated(value)
        if value.id == incident_id(value.service, moment_text(value.from_)):
            del written["id"]
        return written


INCIDENT = IncidentRecord(
    "incident",
    Incident,
    (
        Field(
            key="id",
            codec=Identifier(),
            description="Of its ticket; absent = its service and start: one incident of a service begins at a time.",
        ),
        Field(
            key="service",
            codec=Refers(Kind.SERVICE),
            required=True,
            description="What was not available.",
        ),
        Field(key="from", attribute="from_", codec=Moment(), required=True, description="When it began."),
        Field(key="to", codec=Moment(), required=True, description="When it ended."),
        Field(
            key="share",
            codec=Share(percent=True, zero=False),
            description="Of the service that was not available, 50%; absent = all of it.",
        ),
    ),
    description="A time in which a service was not available: it uses up the budgets of the windows it falls into.",
    kind=Kind.INCIDENT,
    extra=True,
)
