"""Exact arithmetic on euro cents: one rounding, one way to share out."""

from collections.abc import Sequence

from ocpizza.models.vat import BasisPoints


def divide_half_up(numerator: int, denominator: int) -> int:
    """`numerator / denominator` rounded to the nearest integer, halves away from zero."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def vat_contained(amount_cents: int, rate: BasisPoints) -> int:
    """Return the VAT, in cents, that a price including VAT at `rate` contains."""
    return divide_half_up(amount_cents * rate, 10_000 + rate)


def apportion(total_cents: int, weights: Sequence[int]) -> list[int]:
    """`total_cents` shared out pro rata to `weights` by largest remainder; the shares add up to it.

    Where every weight is zero the first share takes all. `weights` must not be empty.
    """
    whole = sum(weights)
    if whole == 0:
        return [total_cents] + [0] * (len(weights) - 1)
    shares = [total_cents * weight // whole for weight in weights]
    remainders = [total_cents * weight % whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -remainders[i])
    for i in by_remainder[: total_cents - sum(shares)]:
        shares[i] += 1
    return shares
