"""The rule families: one file a family; availability's structure function is a package of its own (SEMANTICS §5)."""
