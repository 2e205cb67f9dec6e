"""The signal that a diagram has outgrown its budget."""


class OutOfBudget(Exception):  # noqa: N818  # a signal between two modules, not an error anybody sees
    """The diagram does not fit into the budget in this order of its inputs."""
