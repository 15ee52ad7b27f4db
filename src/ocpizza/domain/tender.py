"""B32: what somebody pays with, shared out over what is due: never a cent more, nor less."""

from collections.abc import Mapping
from dataclasses import dataclass

from ocpizza.column_types import Cents
from ocpizza.models.payment import Means


@dataclass(frozen=True, slots=True)
class Tender:
    """How somebody pays, and with how much, where that is known: cash is given change for."""

    means: Means
    cents: Cents | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What is received of one means, and what was handed over for it, if that was told."""

    means: Means
    cents: Cents
    tendered_cents: Cents | None


@dataclass
class TooLittle(Exception):
    """What was handed over is less than what is due."""

    tendered_cents: Cents
    due_cents: Cents


@dataclass
class TooMuch(Exception):
    """More than is due, of a means that no change is given for: the most that it may be."""

    means: Means
    most_cents: Cents


@dataclass
class OtherDue(Exception):
    """What is due is not what the page showed: this much."""

    due_cents: Cents


def share_out(due_cents: Cents, given: Mapping[Means, Cents], *, partly: bool) -> list[Part]:
    """Return what is received of each means; change is given of cash alone.

    `partly`: the rest is paid later. Raises TooLittle and TooMuch.
    """
    left = due_cents
    parts = []
    # Cash last: what the others leave is taken of it.
    for means in sorted(given, key=lambda each: each is Means.CASH):
        tendered = given[means]
        if tendered <= 0:
            continue
        if left == 0 or (tendered > left and means is not Means.CASH):
            raise TooMuch(means, left)
        taken = min(tendered, left)
        parts.append(Part(means, taken, tendered))
        left -= taken
    if not parts or (left and not partly):
        raise TooLittle(due_cents - left, due_cents)
    return parts
