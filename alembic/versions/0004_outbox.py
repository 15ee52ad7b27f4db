"""The outbox says what a mail tells; its text is written when it is sent."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KINDS = (
    "order_confirmed",
    "order_changed",
    "order_accepted",
    "order_ready",
    "order_on_its_way",
    "order_delivered",
    "order_cancelled",
)


def upgrade() -> None:
    # Nothing has ever been put in it.
    with op.batch_alter_table("outgoing_mail") as mail:
        for name in ("subject", "text_body", "html_body"):
            mail.drop_column(name)
        kind = sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=False, length=24)
        mail.add_column(sa.Column("kind", kind, nullable=False))
        mail.add_column(sa.Column("language", sa.String(5), server_default="fr", nullable=False))
        mail.add_column(sa.Column("values", sa.JSON(), server_default="{}", nullable=False))
        listed = ", ".join(f"'{kind}'" for kind in KINDS)
        mail.create_check_constraint(op.f("ck_outgoing_mail_kind"), f"kind IN ({listed})")


def downgrade() -> None:
    with op.batch_alter_table("outgoing_mail") as mail:
        mail.drop_constraint(op.f("ck_outgoing_mail_kind"), type_="check")
        for name in ("kind", "language", "values"):
            mail.drop_column(name)
        mail.add_column(sa.Column("subject", sa.String(200), nullable=False))
        mail.add_column(sa.Column("text_body", sa.Text(), nullable=False))
        mail.add_column(sa.Column("html_body", sa.Text(), nullable=True))
