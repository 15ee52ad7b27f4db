"""Why an order ended or money went back is a code; what staff typed is a note of its own."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ENDINGS = {
    "not_paid": "Le paiement n’a pas été fait à temps.",
    "not_reached": "Nous n’avons pas pu vous joindre pour confirmer cette commande.",
}
REFUNDS = {"of_cancelled_order": "Commande annulée", "given_at_stripe": "Stripe"}
DECIDED = "decided"


def upgrade() -> None:
    op.execute("ALTER TABLE orders RENAME COLUMN ending_reason TO ending_note")
    op.execute(
        "ALTER TABLE orders ADD COLUMN ending_reason VARCHAR(24) "
        f"CONSTRAINT ck_orders_ending_code CHECK (ending_reason IN ({_listed(ENDINGS)}))"
    )
    for code, sentence in ENDINGS.items():
        op.execute(
            f"UPDATE orders SET ending_reason = '{code}', ending_note = NULL "
            f"WHERE ending_note = '{sentence}' AND status = 'cancelled'"
        )
    op.execute("ALTER TABLE refund RENAME COLUMN reason TO note")
    op.execute(
        f"ALTER TABLE refund ADD COLUMN reason VARCHAR(24) DEFAULT '{DECIDED}' NOT NULL "
        f"CONSTRAINT ck_refund_reason CHECK (reason IN ({_listed([DECIDED, *REFUNDS])}))"
    )
    for code, sentence in REFUNDS.items():
        # What a manager typed is theirs, whatever it says.
        op.execute(
            f"UPDATE refund SET reason = '{code}', note = '' "
            f"WHERE note = '{sentence}' AND author_id IS NULL"
        )


def downgrade() -> None:
    for code, sentence in REFUNDS.items():
        op.execute(f"UPDATE refund SET note = '{sentence}' WHERE reason = '{code}'")
    op.execute("ALTER TABLE refund DROP COLUMN reason")
    op.execute("ALTER TABLE refund RENAME COLUMN note TO reason")
    for code, sentence in ENDINGS.items():
        op.execute(f"UPDATE orders SET ending_note = '{sentence}' WHERE ending_reason = '{code}'")
    op.execute("ALTER TABLE orders DROP COLUMN ending_reason")
    op.execute("ALTER TABLE orders RENAME COLUMN ending_note TO ending_reason")


def _listed(codes) -> str:
    return ", ".join(f"'{code}'" for code in codes)
