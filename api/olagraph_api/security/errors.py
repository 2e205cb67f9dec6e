"""Why somebody is not let in, or may not do what was asked."""


class Unauthenticated(Exception):  # noqa: N818 - the field's word for it
    """No valid credentials. The client is told no more than that.

    Attributes:
        reason: for the audit log alone; holds no secret.
    """

    def __init__(self, reason: str) -> None:
        super().__init__("valid credentials are needed")
        self.reason = reason


class AuthenticationUnavailable(Exception):  # noqa: N818 - a state, not a fault of the client
    """Credentials cannot be checked just now: keys cannot be read or fetched. Nobody is let in by them.

    Attributes:
        reason: place, cause and remedy, for the operator's log alone.
    """

    def __init__(self, reason: str) -> None:
        super().__init__("credentials cannot be checked just now")
        self.reason = reason


class Forbidden(Exception):  # noqa: N818 - the field's word for it
    """Known, but not allowed. Its text may be shown."""


class PortfolioNotFound(Exception):  # noqa: N818 - the API's word for it
    """There is no such portfolio, or none that the principal may know of: the two look alike.

    Raise it for the store's own `UnknownPortfolio` too, whose text lists what the store holds.
    """

    def __init__(self, portfolio: str) -> None:
        super().__init__(f"there is no portfolio {portfolio!r}")
        self.portfolio = portfolio
