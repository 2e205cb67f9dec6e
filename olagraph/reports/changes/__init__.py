"""What a change set does to a portfolio."""
