"""The metric table and the rule families that compose promises along a workflow."""
