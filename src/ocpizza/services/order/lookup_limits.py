"""B5: slow down whoever tries order numbers and contacts; exact, however many try at once."""

from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.domain.client_address import network_of
from ocpizza.services.rate_limits import WINDOW, Use, count_uses, forgive_uses
from ocpizza.services.rate_limits import TooManyUses as TooManyLookups
from ocpizza.services.rate_limits import forget_uses as forget_lookups

# One number is asked for by one household; an address may be that of a whole school or office.
MAX_PER_NUMBER = 10
MAX_PER_ADDRESS = 30
__all__ = ["WINDOW", "TooManyLookups", "count_lookup", "forget_lookups", "forgive_lookup"]


def count_lookup(session: Session, number: str, client: str | None, now: datetime) -> None:
    """Count a try to find `number` (as we write it) from an address, before it is looked for.

    It says the same for numbers that exist and that do not. Raises TooManyLookups.
    """
    count_uses(session, _uses(number, client), now)


def forgive_lookup(session: Session, number: str, client: str | None, now: datetime) -> None:
    """Take a try back that was right: whoever knows their orders is not slowed down."""
    forgive_uses(session, _uses(number, client), now)


def _uses(number: str, client: str | None) -> list[Use]:
    return [
        Use(f"number {number}", MAX_PER_NUMBER),
        Use(f"address {network_of(client)}", MAX_PER_ADDRESS),
    ]
