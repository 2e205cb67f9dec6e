"""Concentration: what hangs on whom, what matters most, what fails together."""
