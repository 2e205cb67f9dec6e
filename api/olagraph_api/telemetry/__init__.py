"""What operators see of a server: request ids, logs, metrics, traces.

Every file is one idea and is imported by its own name, as not every server wants all of them.
"""
