"""What restaurants sell today, read fast."""
