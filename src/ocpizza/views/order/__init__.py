"""One order, for whoever has its secret link."""
