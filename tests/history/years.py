"""Years of orders, written by the database itself from one order that went its whole way."""

from sqlalchemy import Connection, inspect, text

ORDERS = 100_000
EVERY_MINUTES = 13
PEOPLE = 20_000
FIRST = 1_000_000
# A table that holds what never ends, or ends after days, and how many rows it gets at least.
GROWING = {
    "orders": ORDERS,
    "order_revision": ORDERS,
    "order_event": 2 * ORDERS,
    "order_line": ORDERS,
    "order_line_part": ORDERS,
    "part_ingredient": ORDERS,
    "stock_movement": ORDERS,
    "payment": ORDERS,
    "receipt": ORDERS,
    "refund": ORDERS // 10,
    "promotion_use": ORDERS // 4,
    "account": PEOPLE,
    "account_address": PEOPLE,
    "saved_card": PEOPLE,
    "favourite": PEOPLE,
    "external_identity": PEOPLE,
    "account_token": PEOPLE,
    "sign_in_attempt": PEOPLE,
    "sign_in_session": PEOPLE,
    "basket": PEOPLE,
    "basket_line": PEOPLE,
    "outgoing_mail": PEOPLE,
    "stripe_event": PEOPLE,
    "lookup_count": PEOPLE,
    "provider_visit": PEOPLE,
    "stripe_removal": PEOPLE,
    "closed_day": PEOPLE,
    "stock_count": PEOPLE,
    "stock_count_line": PEOPLE,
    "staff_change": PEOPLE,
    "till_session": PEOPLE,
    "till_movement": PEOPLE,
    "till_pieces": PEOPLE,
    "delivery_tap": PEOPLE,
}
# In the order of what they refer to. A column that is not named is as in a row that is there.
EACH_PERSON = {
    "account": {
        "id": "p",
        "identifier": "NULL",
        "email": "'person' || p || '@example.org'",
        "email_verified_at": "seen",
        "phone": "'+336' || p",
        "stripe_customer_id": "'cus_' || p",
        # A third was never seen; half of these were erased, long ago.
        "created_at": "CASE p % 6 WHEN 3 THEN seen - interval '4 years' ELSE seen END",
        "last_seen_at": "CASE p % 3 WHEN 0 THEN NULL ELSE seen END",
        "erased_at": "CASE p % 6 WHEN 3 THEN seen END",
    },
    "account_address": {"id": "p", "account_id": "p"},
    "saved_card": {"id": "p", "account_id": "p", "stripe_payment_method_id": "'pm_' || p"},
    "favourite": {"account_id": "p"},
    "external_identity": {"id": "p", "account_id": "p", "subject": "'sub' || p"},
    "account_token": {"sha256": "'t' || p", "account_id": "p", "expires_at": "soon"},
    "sign_in_attempt": {
        "id": "p",
        "identifier_sha256": "'i' || p",
        "client_address": "'10.0.' || p % 200 || '.0'",
        "at": "lately",
    },
    "sign_in_session": {
        "sha256": "'s' || p",
        "account_id": "p",
        "started_at": "within_a_month",
        "last_seen_at": "within_a_month",
    },
    "basket": {
        "id": "p",
        "token": "lpad('b' || p, 43, '-')",
        "checkout_key": "lpad('k' || p, 43, '-')",
        "account_id": "p",
        "changes_order_id": "NULL",
        "changes_revision": "NULL",
        "promotion_id": "NULL",
        "updated_at": "within_a_month",
    },
    "basket_line": {"id": "p", "basket_id": "p"},
    "outgoing_mail": {
        "id": "p",
        "dedupe_key": "'mail' || p",
        "account_id": "NULL",
        # About an account: kept for a month alone, and a third of what that month has.
        "order_id": f"""CASE
            WHEN lately > now() - interval '29 days' AND p % 3 = 0 THEN NULL
            ELSE {FIRST} + p END""",
        "recipient": "CASE WHEN lately < now() - interval '30 days' THEN '' ELSE 'p' || p END",
        "created_at": "lately",
        "due_at": "lately",
        "sent_at": "lately",
    },
    "stripe_event": {
        "id": "'evt' || p",
        "handled_at": "within_a_month",
        "received_at": "within_a_month",
    },
    "lookup_count": {"key_sha256": "'l' || p", "window_start": "soon"},
    "provider_visit": {"state_sha256": "'v' || p", "expires_at": "soon", "account_id": "NULL"},
    "stripe_removal": {"stripe_id": "'pm_gone' || p", "retry_at": "soon"},
    "staff_change": {
        "id": "p",
        "at": "seen",
        "author_id": "p",
        "account_id": "p",
        "subject": "CASE p % 2 WHEN 0 THEN 'promotion' ELSE 'stock' END",
        "restaurant_id": "CASE p % 3 WHEN 0 THEN NULL ELSE p % 3 END",
    },
    "delivery_tap": {
        "id": "p",
        "account_id": "p",
        "key": "lpad('k' || p, 36, '-')",
        "order_id": f"{FIRST} + p",
        "tapped_at": "within_a_month",
        "received_at": "within_a_month",
    },
    "stock_count": {
        "id": "p",
        "state": "'recorded'",
        "begun_at": "seen - interval '1 day'",
        "ended_at": "seen",
    },
    "stock_count_line": {"count_id": "p", "counted_at": "s.seen"},
    "till_session": {
        "id": "p",
        "opened_at": "seen - interval '1 hour'",
        "closed_at": "seen",
        "number": "p",
        "closed_by_id": "p",
        "counted_cents": "0",
        "expected_cents": "0",
    },
    "till_movement": {
        "id": "p",
        "till_session_id": "p",
        "key": "lpad('m' || p, 43, '-')",
        "at": "seen",
    },
    "till_pieces": {"till_session_id": "p"},
    "closed_day": {"day": f"current_date - 2 - (p - {FIRST})::integer"},
}
EACH_ORDER = {
    "orders": {
        "id": "o",
        "number": "'N' || o",
        "tracking_token": "lpad('t' || o, 43, '-')",
        "checkout_key": "lpad('c' || o, 43, '-')",
        "restaurant_id": "CASE o % 2 WHEN 0 THEN 1 ELSE 2 END",
        "account_id": "CASE o % 2 WHEN 0 THEN p END",
        "phone": "'+336' || p",
        "email": "'person' || p || '@example.org'",
        "placed_at": "placed",
        "expected_at": "placed",
        "business_day": "placed::date",
    },
    "order_revision": {
        "id": "o",
        "order_id": "o",
        "checkout_key": "lpad('c' || o, 43, '-')",
        "promotion_id": "CASE o % 4 WHEN 0 THEN t.promotion_id END",
        "made_at": "placed",
    },
    "order_line": {"id": "o", "revision_id": "o"},
    "order_line_part": {"id": "o", "line_id": "o"},
    "part_ingredient": {"part_id": "o"},
    "stock_movement": {"id": "o", "order_id": "o", "at": "placed"},
    "receipt": {"id": "o", "number": "o", "issued_at": "placed"},
    "payment": {
        "id": "o",
        "order_id": "o",
        "receipt_id": "o",
        # One in a thousand by card at Stripe.
        "means": "CASE o % 1000 WHEN 0 THEN 'online_card' ELSE t.means END",
        "recorded_by_id": "CASE WHEN o % 1000 <> 0 THEN t.recorded_by_id END",
        "idempotency_key": "CASE o % 1000 WHEN 0 THEN 'key' || o END",
        "stripe_intent_id": "'pi' || o",
        "created_at": "placed",
        "settled_at": "placed",
        "till_movement_id": "CASE WHEN placed < now() - interval '1 day' THEN o END",
        "retry_at": "NULL",
    },
}
SOME_ORDERS = {
    "refund": (
        10,
        {
            "id": "o",
            "payment_id": "o",
            "idempotency_key": "NULL",
            "stripe_refund_id": "NULL",
            "till_session_id": "o",
            "requested_at": "placed",
        },
    ),
    "promotion_use": (
        4,
        {"order_id": "o", "account_id": "p", "ordinal": "o", "used_at": "placed"},
    ),
}


PERSON = f"""(
    SELECT {FIRST} + n AS p,
        now() - n * interval '1 hour' AS seen,
        now() + (n + 1) * interval '1 minute' AS soon,
        now() - n % 2000 * interval '1 hour' AS lately,
        now() - n % 700 * interval '1 hour' AS within_a_month
    FROM generate_series(0, {PEOPLE} - 1) AS g(n)
) AS s"""
ORDER = f"""(
    SELECT {FIRST} + n AS o,
        {FIRST} + n % {PEOPLE} AS p,
        now() - (n + 30) * interval '{EVERY_MINUTES} minutes' AS placed
    FROM generate_series(0, {ORDERS} - 1) AS g(n)
) AS s"""
EVENTS = f"""
INSERT INTO order_event (order_id, kind, status, author_id, author_role, note, at)
SELECT o.id, 'status', way.status, NULL, NULL, '', o.placed_at
FROM orders AS o, unnest(array['to_prepare', 'delivered']) AS way(status) WHERE o.id >= {FIRST}
"""


def fill(connection: Connection) -> None:
    """Multiply the rows that are there, which all refer to one order and one person."""
    connection.execute(text("SET session_replication_role = replica"))
    for table, columns in EACH_PERSON.items():
        _multiply(connection, table, columns, PERSON)
    fill_orders(connection)
    for table, (share, columns) in SOME_ORDERS.items():
        _multiply(connection, table, columns, f"{ORDER} WHERE o % {share} = 0")
    connection.execute(text(EVENTS))
    connection.execute(text("SET session_replication_role = origin"))
    connection.commit()
    for table, least in GROWING.items():
        rows = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
        assert rows >= least, table
    connection.rollback()
    connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))


def fill_orders(connection: Connection) -> None:
    """Multiply the order that is there, where nobody looks at what rows refer to."""
    connection.execute(text("SET session_replication_role = replica"))
    for table, columns in EACH_ORDER.items():
        _multiply(connection, table, columns, ORDER)


def _multiply(connection: Connection, table: str, columns: dict[str, str], source: str) -> None:
    """One row for each of the source; what `columns` do not say is as in a row that is there."""
    names = [column["name"] for column in inspect(connection).get_columns(table)]
    assert columns.keys() <= set(names), table
    picked = ", ".join(columns.get(name, f't."{name}"') for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    template = f"(SELECT * FROM {table} LIMIT 1) AS t"
    connection.execute(
        text(f"INSERT INTO {table} ({listed}) SELECT {picked} FROM {template}, {source}")
    )
