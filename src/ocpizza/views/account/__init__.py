"""One's own account: making it, getting back into it, what it knows."""
