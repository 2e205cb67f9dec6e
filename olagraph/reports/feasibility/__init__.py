"""Answers to "could this be promised?", one file a format."""
