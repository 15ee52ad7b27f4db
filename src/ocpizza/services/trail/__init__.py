"""The audit trail: what staff changed, written down and searched."""
