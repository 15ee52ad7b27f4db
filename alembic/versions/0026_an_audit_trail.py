"""The audit trail: what staff change, append-only but for what names a person."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

FUNCTION = """
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
IF TG_OP = 'UPDATE' AND to_jsonb(NEW) = to_jsonb(OLD) || '{"note": ""}' THEN RETURN NEW; END IF;
RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME; END $$
"""
FUNCTION_OF_COLUMNS = """
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
IF TG_OP = 'UPDATE'
AND to_jsonb(NEW) = to_jsonb(OLD) || CAST(coalesce(TG_ARGV[0], '{"note": ""}') AS jsonb)
THEN RETURN NEW; END IF;
RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME; END $$
"""
TRIGGER = """
CREATE TRIGGER staff_change_append_only BEFORE UPDATE OR DELETE ON staff_change FOR EACH ROW
EXECUTE FUNCTION append_only('{"note": "", "facts_before": null, "facts_after": null}')
"""
KEPT = ("id", "at", "author_id", "author_role", "restaurant_id", "subject", "act", "account_id")
KEPT += ("name",)
FILLED = "NEW.note <> '' OR NEW.facts_before IS NOT NULL OR NEW.facts_after IS NOT NULL"
ROLES = ("customer", "cashier", "pizzaiolo", "driver", "manager")
ACTS = ("added", "changed", "deleted")


def upgrade() -> None:
    op.create_table(
        "staff_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_role", _one_of("author_role", ROLES), nullable=True),
        sa.Column("restaurant_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=24), nullable=False),
        sa.Column("act", _one_of("act", ACTS), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("facts_before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("facts_after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("note", sa.String(length=500), server_default="", nullable=False),
        sa.CheckConstraint(
            "(author_id IS NULL) = (author_role IS NULL)", name=op.f("ck_staff_change_author_known")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_staff_change_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_staff_change_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurant.id"], name=op.f("fk_staff_change_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_change")),
    )
    op.create_index(
        op.f("ix_staff_change_account_id_at_id"),
        "staff_change",
        ["account_id", "at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_staff_change_at_id"), "staff_change", ["at", "id"], unique=False)
    op.create_index(
        op.f("ix_staff_change_author_id_at_id"),
        "staff_change",
        ["author_id", "at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_staff_change_restaurant_id_at_id"),
        "staff_change",
        ["restaurant_id", "at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_staff_change_restaurant_id_subject_at_id"),
        "staff_change",
        ["restaurant_id", "subject", "at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_staff_change_subject_at_id"), "staff_change", ["subject", "at", "id"], unique=False
    )
    _forbid_changes()


def downgrade() -> None:
    op.drop_index(op.f("ix_staff_change_subject_at_id"), table_name="staff_change")
    op.drop_index(op.f("ix_staff_change_restaurant_id_subject_at_id"), table_name="staff_change")
    op.drop_index(op.f("ix_staff_change_restaurant_id_at_id"), table_name="staff_change")
    op.drop_index(op.f("ix_staff_change_author_id_at_id"), table_name="staff_change")
    op.drop_index(op.f("ix_staff_change_at_id"), table_name="staff_change")
    op.drop_index(op.f("ix_staff_change_account_id_at_id"), table_name="staff_change")
    op.drop_table("staff_change")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(FUNCTION)


def _one_of(name: str, choices: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*choices, name=name, native_enum=False, create_constraint=True, length=24)


def _forbid_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(FUNCTION_OF_COLUMNS)
        op.execute(TRIGGER)
        return
    new, old = (", ".join(f"{row}.{name}" for name in KEPT) for row in ("NEW", "OLD"))
    for verb, when in (("UPDATE", f"WHEN {FILLED} OR ({new}) IS NOT ({old}) "), ("DELETE", "")):
        op.execute(
            f"CREATE TRIGGER staff_change_append_only_{verb} BEFORE {verb} ON staff_change {when}"
            "BEGIN SELECT RAISE(ABORT, 'rows of staff_change are append-only'); END"
        )
