"""Making promises commensurable: a promise converted to the terms of the target (SEMANTICS §6)."""

from olagraph.metrics.conversion.hard_value import convert_hard
from olagraph.metrics.conversion.request_share import convert_request_share
from olagraph.metrics.conversion.terms import (
    Conversion,
    ConversionKind,
    Converted,
    ConvertedHard,
    Incommensurable,
    Share,
    Terms,
)
from olagraph.metrics.conversion.time_share import convert_time_share

__all__ = [
    "Conversion",
    "ConversionKind",
    "Converted",
    "ConvertedHard",
    "Incommensurable",
    "Share",
    "Terms",
    "convert_hard",
    "convert_request_share",
    "convert_time_share",
]
