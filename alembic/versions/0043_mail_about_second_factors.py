"""Mail tells when a second factor is set up or removed."""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

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
    "identity_removed",
    "account_unused",
    "account_erased",
)
NEW = ("second_factor_set", "second_factor_removed")
AFTER = (*BEFORE[:13], *NEW, *BEFORE[13:])
CHECK = "ck_outgoing_mail_kind"


def upgrade() -> None:
    _limit_kinds(AFTER)


def downgrade() -> None:
    # The program of before has no words for them.
    op.execute(f"DELETE FROM outgoing_mail WHERE kind IN ({_listed(NEW)})")
    _limit_kinds(BEFORE)


def _limit_kinds(kinds: tuple[str, ...]) -> None:
    rule = f"kind IN ({_listed(kinds)})"
    with op.batch_alter_table("outgoing_mail") as mail:
        mail.drop_constraint(op.f(CHECK), type_="check")
        mail.create_check_constraint(op.f(CHECK), rule)


def _listed(kinds: tuple[str, ...]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds)
