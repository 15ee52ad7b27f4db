"""An order from its first row to its end."""
