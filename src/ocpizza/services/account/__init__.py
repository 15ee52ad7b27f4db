"""Accounts: made, proved, signed in to, changed."""
