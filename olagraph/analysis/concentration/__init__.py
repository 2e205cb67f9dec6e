"""Concentration: what hangs on whom, how important every part is, and what fails together (SEMANTICS §8).

Ask `concentrating.concentration`, `importance.importance` and `cutting.cut_sets`. Only `results` is light to import.
"""
