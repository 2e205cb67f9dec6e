"""What follows from several entities together, and so may change with any of them.

    (:Agreement)-[:COVERS]->(:Service)                  `covers: all`, `{tags: …}` or inherited: no `position` on it
    (:Agreement)-[:PROMISED_TO]->(:Customer|:Provider)  which of the two an id of `customer` names
    (:Agreement:SLA|OLA|UC {kind})                      of an agreement that states none: `kind_stated` is false

Set-based statements bring up to date what an edit may have touched, and write only what differs.
"""

from collections.abc import Iterable, Iterator, Sequence

from olagraph.documents.changes import Action, Edit
from olagraph.documents.plain import Plain

# The agreement that states what `a` covers: itself or the nearest that it inherits from.
_STATING = """
CALL (a) {
  OPTIONAL MATCH path = (a)-[:INHERITS*0..]->(from:Agreement) WHERE from.covers IS NOT NULL
  RETURN from ORDER BY length(path) LIMIT 1
}"""

# Whether `a` covers `s` without listing it.
_FOLLOWS = """(
  (from.covers = 'services' AND from <> a AND EXISTS { (from)-[listed:COVERS]->(s) WHERE listed.position IS NOT NULL })
  OR (from.covers = 'all' OR from.covers = 'tags' AND any(tag IN s.tags WHERE tag IN from.covered_tags))
  AND EXISTS { (a)<-[:COMMITS_TO]-()-[:PROVIDES]->(s) }
)"""

_HEIRS = """
UNWIND $rows AS id
MATCH (:Agreement {portfolio: $portfolio, id: id})<-[:INHERITS*0..]-(heir:Agreement)
WITH DISTINCT heir AS a"""

_DROP_COVERED_BY_AGREEMENTS = f"""{_HEIRS}
MATCH (a)-[covers:COVERS]->(s) WHERE covers.position IS NULL{_STATING}
WITH covers WHERE NOT coalesce({_FOLLOWS}, false)
DELETE covers"""

_ADD_COVERED_BY_AGREEMENTS = f"""{_HEIRS}{_STATING}
CALL (a, from) {{
  MATCH (from)-[listed:COVERS]->(s) WHERE from.covers = 'services' AND from <> a AND listed.position IS NOT NULL
  RETURN s
  UNION
  MATCH (a)<-[:COMMITS_TO]-()-[:PROVIDES]->(s)
  WHERE from.covers = 'all' OR from.covers = 'tags' AND any(tag IN s.tags WHERE tag IN from.covered_tags)
  RETURN s
}}
MERGE (a)-[:COVERS]->(s)"""

_SERVICES = """
UNWIND $rows AS id
MATCH (s:Service {portfolio: $portfolio, id: id})"""

_DROP_COVERED_SERVICES = f"""{_SERVICES}
MATCH (a)-[covers:COVERS]->(s) WHERE covers.position IS NULL{_STATING}
WITH covers WHERE NOT coalesce({_FOLLOWS}, false)
DELETE covers"""

_ADD_COVERED_SERVICES = f"""{_SERVICES}<-[:PROVIDES]-(provider)
WITH provider, collect(s) AS services
MATCH (provider)-[:COMMITS_TO]->(a:Agreement) WHERE coalesce(a.covers, '') <> 'services'{_STATING}
WITH a, from, services WHERE from.covers IN ['all', 'tags']
UNWIND services AS s
WITH a, s, from WHERE from.covers = 'all' OR any(tag IN s.tags WHERE tag IN from.covered_tags)
MERGE (a)-[:COVERS]->(s)"""

# An SLA's customer is looked for among customers first, an OLA's or UC's among providers, if the kind is stated.
_PARTIES = """
UNWIND a.customer AS party
OPTIONAL MATCH (c:Customer {portfolio: $portfolio, id: party})
OPTIONAL MATCH (p:Provider {portfolio: $portfolio, id: party})"""

_PARTY = (
    "CASE WHEN a.kind IN ['OLA', 'UC'] AND a.kind_stated IS NULL THEN coalesce(p, c) ELSE coalesce(c, p) END"
)

_PROMISED = f"""
CALL (a) {{{_PARTIES}
  RETURN collect({_PARTY}) AS parties
}}
CALL (a, parties) {{ MATCH (a)-[promised:PROMISED_TO]->(party) WHERE NOT party IN parties DELETE promised }}
CALL (a, parties) {{ UNWIND parties AS party MERGE (a)-[:PROMISED_TO]->(party) }}"""

_AGREEMENTS = """
UNWIND $rows AS id
MATCH (a:Agreement {portfolio: $portfolio, id: id})"""

_PROMISED_BY_NEW_AGREEMENTS = f"""{_AGREEMENTS}{_PARTIES}
WITH a, {_PARTY} AS party WHERE party IS NOT NULL
MERGE (a)-[:PROMISED_TO]->(party)"""

_PROMISED_BY_AGREEMENTS = f"""{_AGREEMENTS}{_PROMISED}"""

_PROMISED_TO_PARTIES = f"""
MATCH (a:Agreement {{portfolio: $portfolio}}) WHERE any(party IN a.customer WHERE party IN $rows){_PROMISED}"""

_KIND = """
WITH a WHERE a.kind_stated = false
OPTIONAL MATCH (provider:Provider)-[:COMMITS_TO]->(a)
WITH DISTINCT a, CASE
  WHEN EXISTS { (a)-[:PROMISED_TO]->(:Customer) } THEN 'SLA' WHEN provider.kind = 'external' THEN 'UC' ELSE 'OLA'
END AS kind
WHERE a.kind IS NULL OR a.kind <> kind
SET a.kind = kind REMOVE a:SLA:OLA:UC SET a:$(kind)"""

_KIND_OF_AGREEMENTS = f"""
UNWIND $rows AS id
MATCH (a:Agreement {{portfolio: $portfolio, id: id}}){_KIND}"""

_KIND_BY_CUSTOMERS = f"""
MATCH (a:Agreement {{portfolio: $portfolio}}) WHERE any(party IN a.customer WHERE party IN $rows){_KIND}"""

_KIND_BY_PROVIDERS = f"""
UNWIND $rows AS id
MATCH (:Provider {{portfolio: $portfolio, id: id}})-[:COMMITS_TO]->(a:Agreement){_KIND}"""

_UNITS = """
UNWIND $rows AS row
MATCH (t:Target {portfolio: $portfolio}) WHERE t.metric = row[0]
SET t.unit = row[1]"""


def followers(edits: Sequence[Edit], *, first: bool) -> Iterator[tuple[str, Sequence[object]]]:
    """Statements, each with its `$rows`, that bring up to date what follows from edits already written.

    Args:
        first: there was nothing before: all agreements are among those edited.
    """
    covering = [
        edit
        for edit in _touching(edits, "agreement", "provider", "covers", "inherits")
        if edit.before is not None or not _lists_services(edit.after)
    ]
    covered = _touching(edits, "service", "provider", "tags")
    yield _DROP_COVERED_BY_AGREEMENTS, _ids(covering, new=False)
    yield _DROP_COVERED_SERVICES, _ids(covered, new=False)
    yield _ADD_COVERED_BY_AGREEMENTS, _ids(covering)
    yield _ADD_COVERED_SERVICES, [] if first else _ids(covered)
    promising = _touching(edits, "agreement", "customer", "kind")
    parties = [
        edit
        for edit in edits
        if edit.key.kind in ("customer", "provider") and edit.action is not Action.CHANGED and not first
    ]
    yield _PROMISED_BY_NEW_AGREEMENTS, _ids(promising, new=True)
    yield _PROMISED_BY_AGREEMENTS, _ids(promising, new=False)
    yield _PROMISED_TO_PARTIES, _ids(parties)
    of_parties = _touching(edits, "agreement", "provider", "customer", "kind")
    yield _KIND_OF_AGREEMENTS, _ids(edit for edit in of_parties if edit.after and "kind" not in edit.after)
    yield _KIND_BY_CUSTOMERS, _ids(edit for edit in parties if edit.key.kind == "customer")
    yield _KIND_BY_PROVIDERS, _ids(_touching(edits, "provider", "kind"), new=False)
    metrics = [edit for edit in _touching(edits, "metric", "unit") if edit.before is not None]
    yield _UNITS, [[edit.key.id, edit.after["unit"]] for edit in metrics if edit.after is not None]


def _touching(edits: Sequence[Edit], kind: str, *keys: str) -> list[Edit]:
    """The edits that add an entity of a kind, or change one of these keys in it."""
    return [
        edit
        for edit in edits
        if edit.key.kind == kind
        and edit.after is not None
        and (edit.before is None or any(edit.before.get(key) != edit.after.get(key) for key in keys))
    ]


def _ids(edits: Iterable[Edit], *, new: bool | None = None) -> list[str]:
    """The ids of what is edited; `new`: only of what was not there before, or only of what was."""
    return [edit.key.id for edit in edits if new is None or new == (edit.before is None)]


def _lists_services(plain: Plain | None) -> bool:
    return plain is not None and isinstance(plain.get("covers"), list)
