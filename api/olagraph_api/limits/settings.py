"""The limits of the API, validated once."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one client may ask; the defaults are safe on a public network.

    A *value* is one field of one object in an answer: it measures the cost of an operation before it runs, and what
    it really takes while it runs.

    Attributes:
        body_bytes: the body of a request, or the query string of a GET, or one WebSocket message.
        body_seconds: the time in which a body must have arrived.
        tokens: lexical tokens of a document.
        depth: nesting of fields.
        introspection_depth: nesting of fields below `__schema` and `__type`, where the tools' own query is deep.
        aliases: aliased fields, fragments expanded.
        directives: directives, fragments expanded.
        root_fields: fields of the root types, fragments expanded.
        expanded_fields: fields, fragments expanded.
        input_items: items of one list in the arguments or variables.
        input_depth: nesting of lists and objects in the arguments or variables.
        page: the size assumed of a list or connection that has `first` or `last`, where neither says.
        max_page: the greatest `first` or `last`.
        assumed_list: the size assumed of a list without either.
        cost: the values that an operation may have at most, by its document and variables, before it runs.
        values: the values that it may really have; greater than `cost`, because plain lists are only assumed.
        seconds: the time an operation may take from its arrival.
        light_cost: an operation of at most this cost runs on the event loop; others run in a thread.
        threads: threads for operations.
        cached_tokens: parsed and compiled documents are kept up to this many tokens.
        subscriptions: open subscriptions of one process.
        connection_subscriptions: open subscriptions of one WebSocket.
        init_seconds: the time in which a WebSocket must send `connection_init`.
        ping_seconds: the pause between pings to a client; one that stays silent for two of them is cut off.

    Raises:
        ValueError: a limit that is not positive.
    """

    body_bytes: int = 256 * 1024
    body_seconds: float = 10.0
    tokens: int = 2_000
    depth: int = 12
    introspection_depth: int = 20
    aliases: int = 30
    directives: int = 20
    root_fields: int = 20
    expanded_fields: int = 500
    input_items: int = 250
    input_depth: int = 20
    page: int = 100
    max_page: int = 1_000
    assumed_list: int = 10
    cost: int = 50_000
    values: int = 100_000
    seconds: float = 10.0
    light_cost: int = 10_000
    threads: int = 8
    cached_tokens: int = 50_000
    subscriptions: int = 1_000
    connection_subscriptions: int = 20
    init_seconds: float = 3.0
    ping_seconds: float = 15.0

    def __post_init__(self) -> None:
        for limit in fields(self):
            if not getattr(self, limit.name) > 0:
                raise ValueError(f"{limit.name} must be positive, not {getattr(self, limit.name)}")
