"""Indexes for what is looked for among years of orders; what promotions gave is counted."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# (name, table, columns, condition)
INDEXES = (
    ("ix_orders_account_id_placed_at", "orders", ["account_id", "placed_at"], None),
    ("ix_promotion_use_account_id", "promotion_use", ["account_id"], None),
    ("ix_outgoing_mail_recipient", "outgoing_mail", ["recipient"], None),
    ("ix_outgoing_mail_created_at", "outgoing_mail", ["created_at"], None),
    ("ix_outgoing_mail_named", "outgoing_mail", ["created_at"], "recipient <> ''"),
    (
        "ix_order_revision_promotion_id",
        "order_revision",
        ["promotion_id"],
        "promotion_id IS NOT NULL",
    ),
    ("ix_basket_promotion_id", "basket", ["promotion_id"], None),
    ("ix_payment_settled_at", "payment", ["settled_at"], None),
    ("ix_sign_in_attempt_at", "sign_in_attempt", ["at"], None),
    ("ix_sign_in_attempt_wrong_at", "sign_in_attempt", ["at"], "NOT succeeded"),
    ("ix_account_token_expires_at", "account_token", ["expires_at"], None),
    ("ix_account_last_seen_at", "account", ["last_seen_at"], None),
    ("ix_account_never_seen", "account", ["created_at"], "last_seen_at IS NULL"),
    (
        "ix_account_unconfirmed",
        "account",
        ["created_at"],
        "email_verified_at IS NULL AND email IS NOT NULL",
    ),
)
GIVEN = """
UPDATE promotion SET given_cents = (
    SELECT coalesce(sum(discount_cents), 0) FROM promotion_use
    WHERE promotion_use.promotion_id = promotion.id
)
"""


def upgrade() -> None:
    for name, table, columns, condition in INDEXES:
        where = sa.text(condition) if condition else None
        op.create_index(name, table, columns, postgresql_where=where, sqlite_where=where)
    op.drop_index("ix_orders_account_id", "orders")
    op.add_column(
        "promotion",
        sa.Column("given_cents", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
    )
    op.execute(GIVEN)


def downgrade() -> None:
    with op.batch_alter_table("promotion") as promotion:
        promotion.drop_column("given_cents")
    op.create_index("ix_orders_account_id", "orders", ["account_id"])
    for name, table, _columns, _condition in reversed(INDEXES):
        op.drop_index(name, table)
