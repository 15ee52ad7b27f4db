"""Paying an order online."""
