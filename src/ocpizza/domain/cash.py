"""Coins and notes of the euro, and what a counted drawer comes to."""

from collections.abc import Mapping

from ocpizza.column_types import Cents

NOTES = (50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500)
COINS = (200, 100, 50, 20, 10, 5, 2, 1)
VALUES: tuple[Cents, ...] = NOTES + COINS


def worth(pieces: Mapping[Cents, int]) -> Cents:
    """Return what so many pieces of each value are worth together."""
    return sum(value * count for value, count in pieces.items())
