"""Traces for an OpenTelemetry collector: a span a request, and in it one an operation. Takes the extra `telemetry`."""

from importlib.metadata import PackageNotFoundError, version

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, Status, StatusCode
from starlette.middleware import Middleware

_UNTRACED = "healthz,readyz,metrics"


class Tracing:
    """Makes spans.

    Args:
        provider: says where they go.
    """

    def __init__(self, provider: TracerProvider) -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("olagraph")

    @classmethod
    def to_collector(cls) -> "Tracing":
        """To the collector that the environment names, OTEL_EXPORTER_OTLP_ENDPOINT; http://localhost:4318 if none."""
        provider = TracerProvider(resource=Resource.create({"service.name": "olagraph", **_version()}))
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        return cls(provider)

    def middleware(self) -> Middleware:
        """Makes a span of every request."""
        return Middleware(
            OpenTelemetryMiddleware,
            tracer_provider=self._provider,
            excluded_urls=_UNTRACED,
            exclude_spans=["receive", "send"],
        )

    def begin(self, type_: str, name: str | None) -> Span:
        """Begin the span of an operation, named as the semantic conventions for GraphQL have it."""
        span = self._tracer.start_span(f"{type_} {name}" if name else type_)
        span.set_attribute("graphql.operation.type", type_)
        if name:
            span.set_attribute("graphql.operation.name", name)
        return span

    def end(self, span: Span, *, failed: bool, attributes: dict[str, str | int]) -> None:
        """End it."""
        span.set_attributes(attributes)
        if failed:
            span.set_status(Status(StatusCode.ERROR))
        span.end()

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()


def _version() -> dict[str, str]:
    try:
        return {"service.version": version("olagraph")}
    except PackageNotFoundError:
        return {}
