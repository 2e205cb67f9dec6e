"""Who may do what: principals and roles, API keys, OpenID Connect, exposure, rate limits, the audit log.

Every file is one idea and is imported by its own name: making a key must not load what verifies tokens.
"""
