"""The vocabulary: frozen values, no input or output, no clock, no environment (SEMANTICS §1 and §3)."""
