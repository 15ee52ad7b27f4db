"""What is multiplied: the demo chain after its weeks, and what else the shop would have written."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from ocpizza.operations.demo_data import load_demo_data
from ocpizza.operations.demo_weeks import load_demo_weeks
from ocpizza.operations.demo_weeks.customers import PEOPLE

# The demo chain: so many restaurants, and what all of them are ordered a day.
RESTAURANTS, ORDERS_A_DAY = 5, 102
# Somebody orders so often; the numbers of telephones that are for fiction end there.
ORDERS_EACH, MOST_PEOPLE = 5, 1_700

# As the services write them, all at once: rows kept as long as the worker keeps them.
MORE = (
    """
    INSERT INTO outgoing_mail
        (dedupe_key, kind, language, order_id, recipient, "values", created_at, due_at, sent_at)
    SELECT 'order-' || o.id || '-' || news.kind, news.kind, o.language, o.id,
        CASE WHEN e.at > :now - interval '30 days' THEN o.email ELSE '' END,
        '{}', e.at, e.at, e.at + interval '2 seconds'
    FROM order_event e JOIN orders o ON o.id = e.order_id
    JOIN (VALUES ('to_prepare', 'order_confirmed'), ('accepted', 'order_accepted'),
        ('ready', 'order_ready'), ('out_for_delivery', 'order_on_its_way'),
        ('delivered', 'order_delivered'), ('cancelled', 'order_cancelled')
    ) AS news (status, kind) ON news.status = e.status
    WHERE o.email IS NOT NULL AND e.at > :now - interval '90 days' ORDER BY e.id
    """,
    """
    INSERT INTO basket (token, checkout_key, restaurant_id, account_id, details, created_at,
        updated_at)
    SELECT lpad('b' || id, 43, '-'), lpad('b' || id, 43, '-'), restaurant_id, account_id, '{}',
        placed_at - interval '9 minutes', placed_at
    FROM orders WHERE source = 'web' AND placed_at > :now - interval '30 days' ORDER BY id
    """,
    # Every third was left with something in it.
    """
    INSERT INTO basket_line (basket_id, selection, quantity)
    SELECT b.id, CAST(s.id AS text), 1 + b.id % 2
    FROM basket b JOIN LATERAL (
        SELECT id FROM product_size WHERE active ORDER BY (id * 7 + b.id) % 31, id LIMIT 2
    ) AS s ON true
    WHERE b.id % 3 = 0 ORDER BY b.id
    """,
    """
    INSERT INTO sign_in_session (sha256, account_id, session_version, started_at, last_seen_at)
    SELECT lpad('s' || account_id || '-' || turn, 64, '0'), account_id, 1,
        max(placed_at) - turn * interval '6 days', max(placed_at)
    FROM orders, generate_series(1, 2) AS turn
    WHERE account_id IS NOT NULL AND placed_at > :now - interval '20 days'
    GROUP BY account_id, turn
    """,
    """
    INSERT INTO sign_in_attempt (identifier_sha256, client_address, at, succeeded)
    SELECT lpad(CAST(account_id AS text), 64, '0'), '10.' || account_id % 200 || '.0.0',
        started_at, true
    FROM sign_in_session ORDER BY started_at
    """,
    """
    INSERT INTO account_address (account_id, use, street, postcode, town)
    SELECT DISTINCT ON (o.account_id) o.account_id, 'delivery', r.street, r.postcode, r.town
    FROM orders o JOIN order_revision r ON r.order_id = o.id
    WHERE o.account_id IS NOT NULL AND r.street IS NOT NULL
        AND o.account_id NOT IN (SELECT account_id FROM account_address)
    ORDER BY o.account_id, o.id
    """,
    """
    UPDATE account SET stripe_customer_id = 'cus_demo_' || id
    WHERE id % 3 = 0 AND id IN (SELECT account_id FROM orders WHERE means = 'online_card')
    """,
    """
    INSERT INTO saved_card (account_id, stripe_payment_method_id, brand, last4, saved_at)
    SELECT id, 'pm_demo_' || id, 'visa', '4242', created_at FROM account
    WHERE stripe_customer_id IS NOT NULL ORDER BY id
    """,
    """
    INSERT INTO stripe_event (id, kind, object_id, received_at, handled_at)
    SELECT 'evt_demo_' || id || kind, 'payment_intent.' || kind, stripe_intent_id, settled_at,
        settled_at
    FROM payment, unnest(array['amount_capturable_updated', 'succeeded']) AS kind
    WHERE stripe_intent_id IS NOT NULL AND settled_at > :now - interval '30 days'
    """,
    """
    UPDATE refund SET stripe_refund_id = 're_demo_' || refund.id
    FROM payment WHERE payment.id = payment_id AND payment.means = 'online_card'
    """,
    """
    INSERT INTO delivery_tap (account_id, key, order_id, kind, outcome, status, status_since,
        tapped_at, received_at)
    SELECT e.author_id, lpad(CAST(e.id AS text), 36, '0'), e.order_id,
        CASE e.status WHEN 'delivered' THEN 'deliver' ELSE 'take' END, 'done', e.status, e.at,
        e.at, e.at
    FROM order_event e
    WHERE e.author_role = 'driver' AND e.status IN ('out_for_delivery', 'delivered')
        AND e.at > :now - interval '30 days'
    ORDER BY e.id
    """,
    """
    INSERT INTO stock_count (restaurant_id, state, begun_at, ended_at)
    SELECT r.id, 'recorded', at, at + interval '40 minutes'
    FROM restaurant r, generate_series(:since, :now - interval '1 day', interval '28 days') AS at
    ORDER BY at, r.id
    """,
    """
    INSERT INTO stock_count_line
        (count_id, ingredient_id, counted, expected, seen, counted_at, moved)
    SELECT c.id, s.ingredient_id, 1000, 1000, 0, c.begun_at, 0
    FROM stock_count c JOIN stock s ON s.restaurant_id = c.restaurant_id
    ORDER BY c.id, s.ingredient_id
    """,
)


def open_chain(engine: Engine, orders: int, now: datetime) -> datetime:
    """Open the demo chain so long ago that it had about so many orders; gives when."""
    since = now - timedelta(days=max(1, round(orders / ORDERS_A_DAY)))
    with Session(engine) as session, session.begin():
        load_demo_data(session, since)
    return since


def write_history(engine: Engine, since: datetime, now: datetime) -> int:
    """Write what the chain did since then; gives how many orders that were."""
    wanted = (now - since).days * ORDERS_A_DAY // RESTAURANTS // ORDERS_EACH
    people = min(max(PEOPLE, wanted), MOST_PEOPLE)
    with Session(engine) as session, session.begin():
        orders = load_demo_weeks(session, since, now, people)
        _write_more(session.connection(), since, now)
    return orders


def _write_more(connection: Connection, since: datetime, now: datetime) -> None:
    for statement in MORE:
        known = {"now": now, "since": since}
        names = {name: value for name, value in known.items() if f":{name}" in statement}
        connection.execute(text(statement), names)
