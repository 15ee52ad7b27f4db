"""B5: slow down whoever tries order numbers and contacts; exact, however many try at once."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ocpizza.domain.client_address import network_of
from ocpizza.models.lookup import LookupCount

WINDOW = timedelta(minutes=10)
# One number is asked for by one household; an address may be that of a whole school or office.
MOST_PER_NUMBER = 10
MOST_PER_ADDRESS = 30
INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


class TooManyLookups(Exception):
    """Too many tries; `wait` is how long until the next may succeed."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"wait for {wait}")
        self.wait = wait

    @property
    def minutes(self) -> int:
        """The wait, rounded up."""
        return -(-self.wait // timedelta(minutes=1))


def count_lookup(session: Session, number: str, client: str | None, now: datetime) -> None:
    """Count a try to find `number` (as we write it) from an address, before it is looked for.

    It says the same for numbers that exist and that do not. Raises TooManyLookups.
    """
    start = _window_of(now)
    limits = {_by_number(number): MOST_PER_NUMBER, _by_address(client): MOST_PER_ADDRESS}
    # Always in the same order: each row is locked until the end of the transaction.
    tries = {key: _count(session, key, start) for key in sorted(limits)}
    if any(tries[key] > most for key, most in limits.items()):
        raise TooManyLookups(start + WINDOW - now)


def forgive_lookup(session: Session, number: str, client: str | None, now: datetime) -> None:
    """Take a try back that was right: whoever knows his orders is not slowed down."""
    keys = (_by_number(number), _by_address(client))
    session.execute(
        update(LookupCount)
        .where(
            LookupCount.key_sha256.in_(keys),
            LookupCount.window_start == _window_of(now),
            LookupCount.tries > 0,
        )
        .values(tries=LookupCount.tries - 1)
        .execution_options(synchronize_session=False)
    )


def forget_lookups(session: Session, now: datetime) -> int:
    """Delete the counts of windows that are over; gives their number."""
    over = delete(LookupCount).where(LookupCount.window_start < _window_of(now))
    keys = over.returning(LookupCount.key_sha256).execution_options(synchronize_session=False)
    return len(session.scalars(keys).all())


def _count(session: Session, key: str, start: datetime) -> int:
    insert = INSERTS[session.get_bind().dialect.name]
    first = insert(LookupCount).values(key_sha256=key, window_start=start, tries=1)
    counted = first.on_conflict_do_update(
        index_elements=[LookupCount.key_sha256, LookupCount.window_start],
        set_={"tries": LookupCount.tries + 1},
    )
    tries: int = session.execute(counted.returning(LookupCount.tries)).scalar_one()
    return tries


def _window_of(now: datetime) -> datetime:
    seconds = int(WINDOW.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


def _by_number(number: str) -> str:
    return _digest(f"number {number}")


def _by_address(client: str | None) -> str:
    return _digest(f"address {network_of(client)}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
