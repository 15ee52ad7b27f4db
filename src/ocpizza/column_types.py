"""What columns hold: moments, sums, keys, texts as they are typeset, codes, one of a few words."""

from datetime import UTC, datetime
from enum import StrEnum
from operator import eq
from typing import Any

from sqlalchemy import DateTime, Dialect, Enum, String, Text
from sqlalchemy.types import TypeDecorator

from ocpizza.typography import typeset

Cents = int  # euro cents, VAT included


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC times on every database; a naive one is refused on the way in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # SQLite has no time zones: what it gives back is the UTC that was stored.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Credential(TypeDecorator[str]):
    """Text that opens something to whoever knows it: a key, a token, an address, a hash.

    Comparing it with nothing is refused: « = NULL » is written IS NULL, which finds the rows of
    strangers that have none.
    """

    impl = String
    cache_ok = True

    class comparator_factory(TypeDecorator.Comparator[str]):
        def operate(self, op: Any, *other: Any, **options: Any) -> Any:
            if op is eq and (other[0] is None or (isinstance(other[0], str) and not other[0])):
                raise ValueError(f"{self.expr} is compared with nothing")
            return super().operate(op, *other, **options)


class Typeset(TypeDecorator[str]):
    """What the restaurant wrote for people to read, typeset on the way in and on the way out."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else typeset(value)

    process_result_value = process_bind_param


class TypesetText(Typeset):
    """The same, however long it is."""

    impl = Text
    cache_ok = True


class Codes(TypeDecorator[tuple[str, ...]]):
    """A few codes in their order, with commas between them."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else ",".join(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(filter(None, value.split(",")))


def one_of(choices: type[StrEnum], name: str) -> Enum:
    """Return the column type for one of `choices`: text under a CHECK constraint called `name`."""
    return Enum(
        choices,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda members: [member.value for member in members],
    )
