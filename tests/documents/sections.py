"""Sections for the small portfolio of the tests."""

# With the five lines before them these are the lines 6 to 9.
SERVICES = "services:\n  - {id: a, provider: p}\n  - {id: b, provider: q}\n  - {id: frontend, provider: q}\n"
RATIO_EXPECTED = "expected a ratio between 0 and 1, or 0% and 100%"


def service(keys):
    """Services with one more in line 10, `s`."""
    return f"{SERVICES}  - {{id: s, provider: p, {keys}}}\n"


def agreement(keys):
    """Services, and an agreement in line 11, `u`."""
    return f"{SERVICES}agreements:\n  - {{id: u, provider: q, {keys}}}\n"
