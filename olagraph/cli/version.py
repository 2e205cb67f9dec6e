"""Which olagraph this is."""


def version() -> str:
    """The installed version; empty where the package is not installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("olagraph")
    except PackageNotFoundError:
        return ""
