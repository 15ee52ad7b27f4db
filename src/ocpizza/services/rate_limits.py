"""How often something may be done within a window, exactly, however many do it at once.

What is counted has a key (an address, an account, an order's number) that no row holds as it is.
The rows of one request are locked until its transaction ends; those of a refusal go with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ocpizza.db import rows_changed
from ocpizza.domain.client_address import network_of
from ocpizza.domain.digest import digest_of
from ocpizza.models.rate_count import RateCount

WINDOW = timedelta(minutes=10)
COUNTS = RateCount.__table__
INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


@dataclass(frozen=True, slots=True)
class Use:
    """One more of what is done under a key, and how often that may be in a window."""

    key: str
    most: int

    @property
    def digest(self) -> str:
        return digest_of(self.key)


class TooManyUses(Exception):
    """Too many tries; `wait` is how long until the next may succeed."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"wait for {wait}")
        self.wait = wait

    @property
    def minutes(self) -> int:
        """The wait, rounded up."""
        return -(-self.wait // timedelta(minutes=1))


# A household, a school or an office has one address: a limit is for programs, not for them.
MAX_SIGN_UPS = 10
MAX_CODES = 30
MAX_CODES_OF_ACCOUNT = 15
MAX_BASKETS = 300
# Of a million codes three fit at a time; whoever tries has the password.
MAX_SECOND_FACTORS = 5
MAX_LOOKUPS = 30
# One number is asked for by one household.
MAX_LOOKUPS_OF_NUMBER = 10


def sign_up_from(client: str | None) -> list[Use]:
    """Return the use of making an account."""
    return [Use(f"sign-up {network_of(client)}", MAX_SIGN_UPS)]


def code_tried_by(client: str | None, account_id: int) -> list[Use]:
    """Return the uses of trying the code of a promotion."""
    return [
        Use(f"code {network_of(client)}", MAX_CODES),
        Use(f"code of {account_id}", MAX_CODES_OF_ACCOUNT),
    ]


def second_factor_tried(account_id: int) -> list[Use]:
    """Return the use of trying a code beside the password of an account."""
    return [Use(f"second factor of {account_id}", MAX_SECOND_FACTORS)]


def basket_from(client: str | None) -> list[Use]:
    """Return the use of beginning a basket."""
    return [Use(f"basket {network_of(client)}", MAX_BASKETS)]


def lookup_from(client: str | None, number: str) -> list[Use]:
    """Return the uses of looking for an order by its number, whether it exists or not."""
    return [
        Use(f"lookup of {number}", MAX_LOOKUPS_OF_NUMBER),
        Use(f"lookup {network_of(client)}", MAX_LOOKUPS),
    ]


def count_uses(session: Session, uses: Sequence[Use], now: datetime) -> None:
    """Count what is about to be done. Raises TooManyUses."""
    start = _window_of(now)
    # Always in the same order: each row is locked until the end of the transaction.
    tries = {use: _count(session, use, start) for use in sorted(uses, key=lambda use: use.digest)}
    if any(done > use.most for use, done in tries.items()):
        raise TooManyUses(start + WINDOW - now)


def forgive_uses(session: Session, uses: Sequence[Use], now: datetime) -> None:
    """Take back what was counted: it was right, and does not slow down whoever does it."""
    session.execute(
        update(RateCount)
        .where(
            RateCount.key_sha256.in_([use.digest for use in uses]),
            RateCount.window_start == _window_of(now),
            RateCount.tries > 0,
        )
        .values(tries=RateCount.tries - 1)
        .execution_options(synchronize_session=False)
    )


def forget_uses(session: Session, now: datetime) -> int:
    """Delete the counts of windows that are over; return their number."""
    over = delete(RateCount).where(RateCount.window_start < _window_of(now))
    return rows_changed(session, over.execution_options(synchronize_session=False))


def _count(session: Session, use: Use, start: datetime) -> int:
    statement = _counting(session.get_bind().dialect.name)
    tries: int = session.execute(statement, {"digest": use.digest, "start": start}).scalar_one()
    return tries


@cache
def _counting(dialect: str) -> Any:
    first = INSERTS[dialect](COUNTS).values(
        key_sha256=bindparam("digest"), window_start=bindparam("start"), tries=1
    )
    counted = first.on_conflict_do_update(
        index_elements=[COUNTS.c.key_sha256, COUNTS.c.window_start],
        set_={"tries": COUNTS.c.tries + 1},
    )
    return counted.returning(COUNTS.c.tries)


def _window_of(now: datetime) -> datetime:
    seconds = int(WINDOW.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)
