"""Devices that staff share."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "device",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_expires_at"), "device", ["expires_at"], unique=False)
    op.create_table(
        "device_person",
        sa.Column("device_sha256", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("session_version", sa.Integer(), nullable=False),
        sa.Column("wrong_codes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "wrong_codes >= 0", name=op.f("ck_device_person_wrong_codes_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_device_person_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["device_sha256"], ["device.sha256"], name=op.f("fk_device_person_device_sha256")
        ),
        sa.PrimaryKeyConstraint("device_sha256", "account_id", name=op.f("pk_device_person")),
    )
    op.create_index(
        op.f("ix_device_person_account_id"), "device_person", ["account_id"], unique=False
    )
    op.create_table(
        "quick_code",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_quick_code_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_quick_code")),
    )
    op.add_column("sign_in_session", sa.Column("shared", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("sign_in_session", "shared")
    op.drop_table("quick_code")
    op.drop_index(op.f("ix_device_person_account_id"), table_name="device_person")
    op.drop_table("device_person")
    op.drop_index(op.f("ix_device_expires_at"), table_name="device")
    op.drop_table("device")
