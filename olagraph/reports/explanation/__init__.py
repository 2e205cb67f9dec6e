"""Explanations, one file a format."""
