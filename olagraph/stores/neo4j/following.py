"""What follows from several entities together, and so may change with any of them.

    (:Agreement)-[:COVERS]->(:Service)                  `covers: all`, `{tags: …}` or inherited: no `position` on it
    (:Agreement)-[:PROMISED_TO]->(:Customer|:Provider)  which of the two an id of `customer` names
    (:Agreement:SLA|OLA|UC {kind})                      of an agreement that states none: `kind_stated` is false

Set-based statements bring up to date what an edit may have touched, and write only what differs.
"""

from collections.abc import Iterable, Iterator, Sequence

from olagraph.documents.changes import Action, Edit
from olagraph.documents.entities import Key
from olagraph.documents.plain import Plain
from olagraph.stores.neo4j.entity_rows import customers_of, node_key
from olagraph.stores.neo4j.rows import RelationshipKey

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
_PROMISED = """
CALL (a) {
  UNWIND coalesce(a.customer, []) AS party
  OPTIONAL MATCH (c:Customer {portfolio: $portfolio, id: party})
  OPTIONAL MATCH (p:Provider {portfolio: $portfolio, id: party})
  RETURN collect(
    CASE WHEN a.kind IN ['OLA', 'UC'] AND a.kind_stated IS NULL THEN coalesce(p, c) ELSE coalesce(c, p) END
  ) AS parties
}
CALL (a, parties) { MATCH (a)-[promised:PROMISED_TO]->(party) WHERE NOT party IN parties DELETE promised }
CALL (a, parties) { UNWIND parties AS party MERGE (a)-[:PROMISED_TO]->(party) }"""

_PROMISED_BY_AGREEMENTS = f"""
UNWIND $rows AS id
MATCH (a:Agreement {{portfolio: $portfolio, id: id}}){_PROMISED}"""

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


def promised(edits: Sequence[Edit]) -> Iterator[RelationshipKey]:
    """Who is promised what, where nothing is there but what the edits add."""
    there = {edit.key for edit in edits}
    for edit in edits:
        if edit.key.kind != "agreement" or edit.after is None:
            continue
        internal = edit.after.get("kind") in ("OLA", "UC")
        kinds = ("provider", "customer") if internal else ("customer", "provider")
        for party in customers_of(edit.after):
            named = [key for kind in kinds if (key := Key(kind, party)) in there]
            if named:
                yield RelationshipKey("PROMISED_TO", node_key(edit.key), node_key(named[0]))


def followers(edits: Sequence[Edit], *, first: bool) -> Iterator[tuple[str, Sequence[object]]]:
    """Statements, each with its `$rows`, that bring up to date what follows from edits already written.

    Args:
        first: there was nothing before: no agreement but those that the edits add, and `promised` was written.
    """
    covering = [
        edit
        for edit in _touching(edits, "agreement", "provider", "covers", "inherits")
        if edit.before is not None or not _lists_services(edit.after)
    ]
    covered = [] if first else _touching(edits, "service", "provider", "tags")
    yield _DROP_COVERED_BY_AGREEMENTS, _ids(edit for edit in covering if edit.before is not None)
    yield _DROP_COVERED_SERVICES, _ids(edit for edit in covered if edit.before is not None)
    yield _ADD_COVERED_BY_AGREEMENTS, _ids(covering)
    yield _ADD_COVERED_SERVICES, _ids(covered)
    promising = [] if first else _touching(edits, "agreement", "customer", "kind")
    parties = [
        edit
        for edit in edits
        if edit.key.kind in ("customer", "provider") and edit.action is not Action.CHANGED and not first
    ]
    yield _PROMISED_BY_AGREEMENTS, _ids(promising)
    yield _PROMISED_TO_PARTIES, _ids(parties)
    of_parties = _touching(edits, "agreement", "provider", "customer", "kind")
    yield _KIND_OF_AGREEMENTS, _ids(edit for edit in of_parties if edit.after and "kind" not in edit.after)
    yield _KIND_BY_CUSTOMERS, _ids(edit for edit in parties if edit.key.kind == "customer")
    of_providers = _touching(edits, "provider", "kind")
    yield _KIND_BY_PROVIDERS, _ids(edit for edit in of_providers if edit.before is not None)
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


def _ids(edits: Iterable[Edit]) -> list[str]:
    return [edit.key.id for edit in edits]


def _lists_services(plain: Plain | None) -> bool:
    return plain is not None and isinstance(plain.get("covers"), list)
