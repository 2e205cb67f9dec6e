"""Verdicts on promises: pure functions from a portfolio and settings to findings and explanations."""
