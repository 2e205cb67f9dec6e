"""Relay connections of any type."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import strawberry

from olagraph_api.schema.fields import field
from olagraph_api.schema.paging import Page

Node = TypeVar("Node")


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    page: strawberry.Private[Page[Any]]

    @field("Whether the list goes on after this page.")
    def has_next_page(self) -> bool:
        return self.page.has_next

    @field("Whether the list begins before this page.")
    def has_previous_page(self) -> bool:
        return self.page.has_previous

    @field("The cursor of the first item: `before` it lies the page before.")
    def start_cursor(self) -> str | None:
        return self.page.cursor(self.page.indices[0]) if self.page.indices else None

    @field("The cursor of the last item: `after` it lies the next page.")
    def end_cursor(self) -> str | None:
        return self.page.cursor(self.page.indices[-1]) if self.page.indices else None


@strawberry.type(description="An item of a list with its place there.")
class Edge(Generic[Node]):
    cursor: str = strawberry.field(
        description="The item's place among all others. It holds while others come and go."
    )
    node: Node = strawberry.field(description="The item.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[Node]):
    page: strawberry.Private[Page[Any]]  # the items as the model or a result has them
    shown: strawberry.Private[Callable[[Any], Any]]  # what one of them is in the schema

    @field("The items on the page.")
    def nodes(self) -> list[Node]:
        return [self.shown(item) for item in self.page.items]

    @field("The items on the page with their cursors.")
    def edges(self) -> list[Edge[Node]]:
        page = self.page
        return [
            Edge(cursor=page.cursor(index), node=self.shown(item))
            for index, item in zip(page.indices, page.items, strict=True)
        ]

    @field("Where the page lies in its list.")
    def page_info(self) -> PageInfo:
        return PageInfo(page=self.page)

    @field("How many items the whole list has.")
    def total_count(self) -> int:
        return self.page.total
