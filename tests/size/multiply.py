"""A chain multiplied by the database itself: as many copies of each restaurant, its people and its
orders, each with ids, numbers and secrets of its own.

A row of id i has the id (i - 1) * copies + copy + 1 in a copy: rows lie in the order in which they
were written all over the chain, as those of a shop do, and whatever refers to them follows.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Integer, Table, text

from ocpizza.db import Base
from ocpizza.services.order.number import NUMBER_ALPHABET
from size.bulk import Told, bare

# Whatever all restaurants have together; and what is told to pages that are open, which are none.
SHARED = {
    "catalogue_state", "composition", "content_change", "ingredient", "ingredient_allergen",
    "ingredient_meat",
    "job_run", "kept_form", "live_change", "lookup_count", "picture", "price_change", "product",
    "product_extra", "product_size", "promotion", "provider_visit", "schema_served",
    "stripe_removal",
}  # fmt: skip
COPIED = [table for table in Base.metadata.sorted_tables if table.name not in SHARED]
SECRET = "pg_temp.secret({column}, k)"
NAMED = "CASE k WHEN 0 THEN {column} ELSE {column} || '.' || k END"
EMAIL = "CASE k WHEN 0 THEN {column} ELSE replace({column}, '@', '.' || k || '@') END"
PHONE = (
    "CASE k WHEN 0 THEN {column} ELSE '+337' || lpad(CAST(k AS text), 3, '0') "
    "|| right({column}, 5) END"
)
# What is each copy's own beside its ids.
OWN = {
    "account.email": EMAIL,
    "account.identifier": NAMED,
    "account.phone": PHONE,
    "account.stripe_customer_id": NAMED,
    "basket.checkout_key": SECRET,
    "basket.token": SECRET,
    "legal_entity.code": NAMED,
    "legal_entity.siret": "lpad(CAST(CAST({column} AS bigint) + k AS text), 14, '0')",
    "order_revision.checkout_key": SECRET,
    "orders.checkout_key": SECRET,
    "orders.email": EMAIL,
    "orders.number": "pg_temp.number((CAST(t.id AS bigint) - 1) * {copies} + k + 1)",
    "orders.phone": PHONE,
    "orders.tracking_token": SECRET,
    "outgoing_mail.dedupe_key": "'order-' || (t.order_id - 1) * {copies} + k + 1 || '-' || t.kind",
    "outgoing_mail.recipient": EMAIL,
    "payment.stripe_intent_id": NAMED,
    "refund.stripe_refund_id": NAMED,
    "restaurant.code": "CASE k WHEN 0 THEN {column} ELSE 'city_' || 1000 * t.id + k END",
    "restaurant.name": "CASE k WHEN 0 THEN {column} ELSE {column} || ' ' || k + 1 END",
    "restaurant.slug": "CASE k WHEN 0 THEN {column} ELSE {column} || '-' || k + 1 END",
    "saved_card.stripe_payment_method_id": NAMED,
    "sign_in_session.sha256": "encode(sha256(convert_to({column} || k, 'UTF8')), 'hex')",
    "stripe_event.id": NAMED,
    "till_movement.key": SECRET,
}
LETTERS = len(NUMBER_ALPHABET)
FUNCTIONS = (
    f"""
    CREATE FUNCTION pg_temp.number(n bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg(substr('{NUMBER_ALPHABET}',
        CAST((n * 2654435761 + {{seed}}) % {LETTERS**8} / CAST({LETTERS} ^ i AS bigint) % {LETTERS}
        AS integer) + 1, 1) || CASE i WHEN 3 THEN '-' ELSE '' END, '' ORDER BY i)
    FROM generate_series(0, 7) AS i $$
    """,
    """
    CREATE FUNCTION pg_temp.secret(old text, k integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT left(translate(encode(sha256(convert_to({seed} || ' ' || k || old, 'UTF8')), 'base64'),
        '+/', '-_'), 43) $$
    """,
)


@dataclass(frozen=True)
class Growth:
    """How often each restaurant is to be there, and how many of these have a history."""

    copies: int
    histories: int
    seed: int


def keep(connection: Connection, schema: str) -> None:
    """Keep the rows that are there now, for `multiply`."""
    connection.execute(text(f"CREATE SCHEMA {schema}"))
    for table in COPIED:
        source = f"public.{table.name}"
        connection.execute(text(f"CREATE TABLE {schema}.{table.name} AS TABLE {source}"))


def multiply(connection: Connection, growth: Growth, told: Told) -> None:
    """Put copies of what was kept as `history` in place of what is there, and of what was kept as
    `opening` where a restaurant has no history. In autocommit: each table is there once full.
    """
    for function in FUNCTIONS:
        connection.execute(text(function.format(seed=growth.seed)))
    names = [table.name for table in COPIED]
    with bare(connection, names, told):
        connection.execute(text(f"TRUNCATE {', '.join(names)}, live_change"))
        for table in COPIED:
            told(f"rows {table.name}")
            _copy(connection, table, "history", range(growth.histories), growth)
            _copy(connection, table, "opening", range(growth.histories, growth.copies), growth)
        _count_on(connection)
        for query in PROMOTIONS:
            connection.execute(text(query))
    connection.execute(text("DROP SCHEMA history, opening CASCADE"))
    told("statistics")
    connection.execute(text("VACUUM ANALYZE"))


PROMOTIONS = (
    "UPDATE promotion SET times_used = 0, given_cents = 0, total_limit = NULL",
    """
    UPDATE promotion SET times_used = uses, given_cents = cents FROM (
        SELECT promotion_id, count(*) AS uses, sum(discount_cents) AS cents FROM promotion_use
        GROUP BY promotion_id
    ) AS found WHERE promotion_id = promotion.id
    """,
)


def _copy(
    connection: Connection, table: Table, schema: str, copies: Collection[int], growth: Growth
) -> None:
    if not copies:
        return
    key = ", ".join(column.name for column in table.primary_key)
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(_value(column, growth.copies) for column in table.columns)
    connection.execute(
        text(
            f"INSERT INTO public.{table.name} ({names}) SELECT {values} "
            f"FROM (SELECT *, row_number() OVER (ORDER BY {key}) AS n FROM {schema}.{table.name} "
            # One after the other as they were written, and of each all copies.
            f"ORDER BY {key}) AS t, LATERAL generate_series({min(copies)}, "
            f"{max(copies)} + 0 * CAST(n AS integer)) AS k"
        )
    )


def _value(column: Column, copies: int) -> str:
    own = OWN.get(f"{column.table.name}.{column.name}")
    if own:
        return own.format(column=f't."{column.name}"', copies=copies)
    if _is_id(column):
        return f'(t."{column.name}" - 1) * {copies} + k + 1'
    return f't."{column.name}"'


def _is_id(column: Column) -> bool:
    """Whether it holds the id of something that is copied."""
    if column.table.name in SHARED:
        return False
    if column.foreign_keys:
        return any(_is_id(key.column) for key in column.foreign_keys)
    return column.name == "id" and isinstance(column.type, Integer)


def _count_on(connection: Connection) -> None:
    for table in COPIED:
        if "id" in table.c and isinstance(table.c.id.type, Integer):
            last = f"(SELECT max(id) FROM public.{table.name})"
            sequence = f"pg_get_serial_sequence('public.{table.name}', 'id')"
            connection.execute(text(f"SELECT setval({sequence}, coalesce({last}, 1))"))
