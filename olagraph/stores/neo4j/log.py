"""The change log as it lies in Neo4j, beside the graph that it tells of.

(:Change {portfolio, revision, at, by, what, added, changed, removed, subjects, edits, token})
"""

import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

from neo4j import ManagedTransaction

from olagraph.documents.change_log import Change
from olagraph.documents.changes import Action, Edit
from olagraph.documents.entities import Key
from olagraph.documents.plain import decode, encode
from olagraph.stores.errors import StoreError
from olagraph.stores.neo4j.statements import Placed

_SUBJECTS = 3
_READABLE = 1_000
"""The most edits that are kept as texts; more, which nobody reads one by one, are compressed to a tenth."""

_CHANGES = """
MATCH (c:Change {portfolio: $portfolio})
WHERE c.revision > $since AND c.revision <= coalesce($until, c.revision)"""


class Entry(NamedTuple):
    """What a change says of itself.

    Attributes:
        token: the writer's own mark; a writer who lost the connection finds by it whether the change was written.
    """

    by: str
    at: datetime
    what: str
    token: str


class LoggedEdits(NamedTuple):
    """A change with its edits, and where the entities stand."""

    change: Change
    edits: tuple[Placed, ...]


def add_change(
    transaction: ManagedTransaction, portfolio: str, edits: Sequence[Placed], *, revision: int, entry: Entry
) -> None:
    """Log the edits that lead to a revision."""
    counts = Counter(edit.action for edit, _ in edits)
    texts = [
        encode(
            {
                "kind": edit.key.kind,
                "id": edit.key.id,
                "position": position,
                "before": edit.before,
                "after": edit.after,
            }
        )
        for edit, position in edits
    ]
    kept = (
        {"edits": texts} if len(texts) <= _READABLE else {"packed": zlib.compress(_whole(texts).encode(), 1)}
    )
    transaction.run(
        "CREATE (c:Change {portfolio: $portfolio, revision: $revision}) SET c += $told",
        portfolio=portfolio,
        revision=revision,
        told={
            "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "by": entry.by,
            "what": entry.what,
            "token": entry.token,
            "subjects": [str(edit.key) for edit, _ in edits[:_SUBJECTS]],
            **{str(action): counts[action] for action in Action},
            **kept,
        },
    ).consume()


def is_logged(transaction: ManagedTransaction, portfolio: str, *, revision: int, token: str) -> bool:
    """Whether the change that led to a revision is the one with a token."""
    found = transaction.run(
        "MATCH (c:Change {portfolio: $portfolio, revision: $revision}) RETURN c.token = $token",
        portfolio=portfolio,
        revision=revision,
        token=token,
    )
    return any(record[0] for record in found)


def read_changes(
    transaction: ManagedTransaction,
    portfolio: str,
    *,
    since: int = 0,
    until: int | None = None,
    limit: int | None = None,
    shown: str,
) -> tuple[Change, ...]:
    """The changes after revision `since`, up to `until`, the latest first.

    Raises:
        StoreError: one is damaged.
    """
    found = transaction.run(
        f"{_CHANGES} RETURN c {{.revision, .at, .by, .what, .added, .changed, .removed, .subjects}}"
        f" ORDER BY c.revision DESC{'' if limit is None else ' LIMIT $limit'}",
        portfolio=portfolio,
        since=since,
        until=until,
        limit=limit,
    )
    nodes = [record[0] for record in found]
    with _readable(portfolio, shown=shown):
        return tuple(map(_change, nodes))


def read_edits(
    transaction: ManagedTransaction, portfolio: str, *, since: int, until: int | None = None, shown: str
) -> tuple[LoggedEdits, ...]:
    """The changes after revision `since`, up to `until`, the earliest first, with their edits.

    Raises:
        StoreError: one is damaged.
    """
    found = transaction.run(
        f"{_CHANGES} RETURN c ORDER BY c.revision", portfolio=portfolio, since=since, until=until
    )
    nodes = [record[0] for record in found]
    with _readable(portfolio, shown=shown):
        return tuple(LoggedEdits(_change(node), tuple(_edits(node))) for node in nodes)


@contextmanager
def _readable(portfolio: str, *, shown: str) -> Iterator[None]:
    try:
        yield
    except (LookupError, TypeError, ValueError, zlib.error) as error:
        raise StoreError(
            f"{shown}: the change log of portfolio {portfolio!r} is damaged ({error}): `olagraph db check` tells more"
        ) from error


def _whole(texts: Sequence[str]) -> str:
    return f"[{','.join(texts)}]"


def _change(node: Mapping[str, Any]) -> Change:
    return Change(
        revision=node["revision"],
        at=datetime.fromisoformat(node["at"]),
        by=node["by"],
        what=node["what"],
        counts={action: node[str(action)] for action in Action},
        subjects=tuple(Key(*subject.partition(" ")[::2]) for subject in node["subjects"]),
    )


def _edits(node: Mapping[str, Any]) -> Iterator[Placed]:
    packed = node.get("packed")
    text = _whole(node["edits"]) if packed is None else zlib.decompress(packed).decode()
    for edit in decode(text):
        key = Key(edit["kind"], edit["id"])
        yield Placed(Edit(key, edit["before"], edit["after"]), edit["position"])
