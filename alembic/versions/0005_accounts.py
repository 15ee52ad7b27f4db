"""Mail about an account; sign-ins that succeed are kept too; one address for each use."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OF_ORDERS = (
    "order_confirmed",
    "order_changed",
    "order_accepted",
    "order_ready",
    "order_on_its_way",
    "order_delivered",
    "order_cancelled",
)
OF_ACCOUNTS = (
    "email_confirmation",
    "password_reset",
    "password_changed",
    "email_changed",
    "identity_joined",
)


def upgrade() -> None:
    _limit_kinds(OF_ORDERS + OF_ACCOUNTS)
    with op.batch_alter_table("outgoing_mail") as mail:
        mail.add_column(sa.Column("account_id", sa.Integer(), nullable=True))
        mail.create_foreign_key(
            op.f("fk_outgoing_mail_account_id"), "account", ["account_id"], ["id"]
        )
        mail.create_index(op.f("ix_outgoing_mail_account_id"), ["account_id"])
    with op.batch_alter_table("sign_in_attempt") as attempt:
        attempt.add_column(
            sa.Column("succeeded", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    with op.batch_alter_table("account_address") as address:
        address.create_unique_constraint(
            op.f("uq_account_address_account_id_use"), ["account_id", "use"]
        )


def downgrade() -> None:
    with op.batch_alter_table("account_address") as address:
        address.drop_constraint(op.f("uq_account_address_account_id_use"), type_="unique")
    op.execute("DELETE FROM sign_in_attempt WHERE succeeded")
    with op.batch_alter_table("sign_in_attempt") as attempt:
        attempt.drop_column("succeeded")
    listed = ", ".join(f"'{kind}'" for kind in OF_ACCOUNTS)
    op.execute(f"DELETE FROM outgoing_mail WHERE kind IN ({listed})")
    with op.batch_alter_table("outgoing_mail") as mail:
        mail.drop_index(op.f("ix_outgoing_mail_account_id"))
        mail.drop_constraint(op.f("fk_outgoing_mail_account_id"), type_="foreignkey")
        mail.drop_column("account_id")
    _limit_kinds(OF_ORDERS)


def _limit_kinds(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("outgoing_mail") as mail:
        mail.drop_constraint(op.f("ck_outgoing_mail_kind"), type_="check")
        mail.create_check_constraint(op.f("ck_outgoing_mail_kind"), f"kind IN ({listed})")
