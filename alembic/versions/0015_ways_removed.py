"""A mail tells that a way to sign in was removed."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NEW = "identity_removed"
BEFORE = (
    "order_confirmed",
    "order_changed",
    "order_accepted",
    "order_ready",
    "order_on_its_way",
    "order_delivered",
    "order_cancelled",
    "email_confirmation",
    "password_reset",
    "password_changed",
    "email_changed",
    "identity_joined",
    "account_unused",
    "account_erased",
)
AFTER = (*BEFORE[:12], NEW, *BEFORE[12:])


def upgrade() -> None:
    _limit_kinds(AFTER)


def downgrade() -> None:
    op.execute(f"DELETE FROM outgoing_mail WHERE kind = '{NEW}'")
    _limit_kinds(BEFORE)


def _limit_kinds(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("outgoing_mail") as mail:
        mail.drop_constraint(op.f("ck_outgoing_mail_kind"), type_="check")
        mail.create_check_constraint(op.f("ck_outgoing_mail_kind"), f"kind IN ({listed})")
