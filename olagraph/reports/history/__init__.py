"""The change log of a portfolio."""
