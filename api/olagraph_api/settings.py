"""The settings of an application, checked when they are made."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from olagraph_api.limits import Limits
from olagraph_api.security.clock import Clock
from olagraph_api.security.principals import Principal
from olagraph_api.security.settings import SecuritySettings

if TYPE_CHECKING:
    from olagraph_api.telemetry.tracing import Tracing

BUILT_PAGES = Path(__file__).with_name("static")
"""Where the web interface is built to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSettings:
    """What `create_app` takes beside the store.

    Attributes:
        clock: tells the time.
        security: who may do what; by default everybody may do everything, so that only this machine may be served.
        limits: what clients may ask of GraphQL.
        import_bytes: of a file that is imported.
        import_seconds: the time in which it must have arrived.
        local: whom all requests are from where `security` configures no accounts.
        pages: the folder of the web interface.
        tracing: makes spans; None = none are made.

    Raises:
        ValueError: a limit that is not positive.
    """

    clock: Clock
    security: SecuritySettings = field(default_factory=SecuritySettings)
    limits: Limits = field(default_factory=Limits)
    import_bytes: int = 64 * 2**20
    import_seconds: float = 60.0
    local: Principal = field(default_factory=lambda: Principal.local("local"))
    pages: Path = BUILT_PAGES
    tracing: "Tracing | None" = None

    def __post_init__(self) -> None:
        if self.import_bytes <= 0 or self.import_seconds <= 0:
            raise ValueError("import_bytes and import_seconds must be positive")
