"""Outages: what is down, at risk or degraded, which agreements breach when, and what is not known (SEMANTICS §9).

Ask `impact.outage`; `still_up.still_up` says how available the rest is. Only `results` is light to import.
"""
