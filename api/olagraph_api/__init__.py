"""The GraphQL API over a portfolio snapshot: thin resolvers, no arithmetic of their own."""

__all__: tuple[str, ...] = ()
