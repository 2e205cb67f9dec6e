"""Promises (OLAs, UCs, SLAs) in a graph, composed end-to-end, with a verdict on every SLA."""
