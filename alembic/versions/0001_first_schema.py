"""First schema: everything of the domain, with its rules as constraints."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


POSTGRESQL_FUNCTION = """
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME; END $$
"""
APPEND_ONLY = ("order_event", "stock_movement")


def forbid_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL_FUNCTION)
        for table in APPEND_ONLY:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION append_only()"
            )
        return
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_append_only_{verb} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are append-only'); END"
            )


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(length=254), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("first_name", sa.String(length=100), server_default="", nullable=False),
        sa.Column("last_name", sa.String(length=100), server_default="", nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("birthday", sa.Date(), nullable=True),
        sa.Column("language", sa.String(length=5), server_default="fr", nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "inactive",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("session_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("stripe_customer_id", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_email_lower")),
        sa.CheckConstraint(
            "identifier = lower(identifier)", name=op.f("ck_account_identifier_lower")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("identifier", name=op.f("uq_account_identifier")),
        sa.UniqueConstraint("stripe_customer_id", name=op.f("uq_account_stripe_customer_id")),
    )
    op.create_table(
        "ingredient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("note", sa.String(length=500), server_default="", nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "g",
                "ml",
                "piece",
                name="unit",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("unit_quantity", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("unit_quantity > 0", name=op.f("ck_ingredient_unit_quantity_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ingredient")),
        sa.UniqueConstraint("code", name=op.f("uq_ingredient_code")),
    )
    op.create_table(
        "legal_entity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=False),
        sa.Column("vat_number", sa.String(length=20), nullable=False),
        sa.Column("stripe_account", sa.String(length=64), nullable=True),
        sa.Column("last_receipt_number", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("town", sa.String(length=100), nullable=False),
        sa.Column("country", sa.String(length=2), server_default="FR", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "last_receipt_number >= 0", name=op.f("ck_legal_entity_last_receipt_number_positive")
        ),
        sa.CheckConstraint("length(siret) = 14", name=op.f("ck_legal_entity_siret_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_entity")),
        sa.UniqueConstraint("code", name=op.f("uq_legal_entity_code")),
        sa.UniqueConstraint("siret", name=op.f("uq_legal_entity_siret")),
    )
    op.create_table(
        "picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_picture_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture")),
        sa.UniqueConstraint("sha256", name=op.f("uq_picture_sha256")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identifier_sha256", sa.String(length=64), nullable=False),
        sa.Column("client_address", sa.String(length=45), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_attempt_client_address_at"),
            ["client_address", "at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_sign_in_attempt_identifier_sha256_at"),
            ["identifier_sha256", "at"],
            unique=False,
        )

    op.create_table(
        "stripe_event",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_event")),
    )
    with op.batch_alter_table("stripe_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stripe_event_handled_at"), ["handled_at"], unique=False
        )

    op.create_table(
        "account_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "use",
            sa.Enum(
                "delivery",
                "billing",
                name="use",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("complement", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("town", sa.String(length=100), nullable=False),
        sa.Column("country", sa.String(length=2), server_default="FR", nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_address_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_address")),
    )
    with op.batch_alter_table("account_address", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_address_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "account_token",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_token_account_id")
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_account_token")),
    )
    with op.batch_alter_table("account_token", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_token_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "external_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_external_identity_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_identity")),
        sa.UniqueConstraint(
            "provider", "subject", name=op.f("uq_external_identity_provider_subject")
        ),
    )
    with op.batch_alter_table("external_identity", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_external_identity_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "ingredient_allergen",
        sa.Column("ingredient_id", sa.Integer(), nullable=False),
        sa.Column(
            "allergen",
            sa.Enum(
                "gluten",
                "crustaceans",
                "eggs",
                "fish",
                "peanuts",
                "soybeans",
                "milk",
                "nuts",
                "celery",
                "mustard",
                "sesame",
                "sulphites",
                "lupin",
                "molluscs",
                name="allergen",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["ingredient_id"], ["ingredient.id"], name=op.f("fk_ingredient_allergen_ingredient_id")
        ),
        sa.PrimaryKeyConstraint("ingredient_id", "allergen", name=op.f("pk_ingredient_allergen")),
    )
    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pizza",
                "drink",
                "dessert",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("description", sa.String(length=500), server_default="", nullable=False),
        sa.Column("recipe", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "vat_class",
            sa.Enum(
                "prepared_food",
                "sealed_food",
                "sealed_drink",
                "alcohol",
                name="vat_class",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("available", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_product_picture_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("slug", name=op.f("uq_product_slug")),
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("legal_entity_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_receipt_number_positive")),
        sa.ForeignKeyConstraint(
            ["legal_entity_id"], ["legal_entity.id"], name=op.f("fk_receipt_legal_entity_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint(
            "legal_entity_id", "number", name=op.f("uq_receipt_legal_entity_id_number")
        ),
    )
    op.create_table(
        "restaurant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("legal_entity_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("delivers", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("delivery_fee_cents", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("minimum_order_cents", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "preparation_minutes", sa.Integer(), server_default=sa.text("15"), nullable=False
        ),
        sa.Column("delivery_minutes", sa.Integer(), server_default=sa.text("20"), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.Column("town", sa.String(length=100), nullable=False),
        sa.Column("country", sa.String(length=2), server_default="FR", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "delivery_fee_cents >= 0", name=op.f("ck_restaurant_delivery_fee_positive")
        ),
        sa.CheckConstraint(
            "delivery_minutes > 0", name=op.f("ck_restaurant_delivery_minutes_positive")
        ),
        sa.CheckConstraint(
            "minimum_order_cents >= 0", name=op.f("ck_restaurant_minimum_order_positive")
        ),
        sa.CheckConstraint(
            "preparation_minutes > 0", name=op.f("ck_restaurant_preparation_minutes_positive")
        ),
        sa.ForeignKeyConstraint(
            ["legal_entity_id"], ["legal_entity.id"], name=op.f("fk_restaurant_legal_entity_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restaurant")),
        sa.UniqueConstraint("code", name=op.f("uq_restaurant_code")),
        sa.UniqueConstraint("slug", name=op.f("uq_restaurant_slug")),
    )
    op.create_table(
        "saved_card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("stripe_payment_method_id", sa.String(length=64), nullable=False),
        sa.Column("brand", sa.String(length=20), nullable=False),
        sa.Column("last4", sa.String(length=4), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(last4) = 4", name=op.f("ck_saved_card_last4_length")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_saved_card_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_card")),
        sa.UniqueConstraint(
            "stripe_payment_method_id", name=op.f("uq_saved_card_stripe_payment_method_id")
        ),
    )
    with op.batch_alter_table("saved_card", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_card_account_id"), ["account_id"], unique=False)

    op.create_table(
        "closed_day",
        sa.Column("restaurant_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("turnover_cents", sa.Integer(), nullable=False),
        sa.Column("vat_cents", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("orders >= 0", name=op.f("ck_closed_day_orders_not_negative")),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurant.id"], name=op.f("fk_closed_day_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("restaurant_id", "day", name=op.f("pk_closed_day")),
    )
    op.create_table(
        "composition",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("ingredient_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("removable", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_composition_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["ingredient_id"], ["ingredient.id"], name=op.f("fk_composition_ingredient_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_composition_product_id")
        ),
        sa.PrimaryKeyConstraint("product_id", "ingredient_id", name=op.f("pk_composition")),
    )
    with op.batch_alter_table("composition", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_composition_ingredient_id"), ["ingredient_id"], unique=False
        )

    op.create_table(
        "delivery_area",
        sa.Column("restaurant_id", sa.Integer(), nullable=False),
        sa.Column("postcode", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurant.id"], name=op.f("fk_delivery_area_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("restaurant_id", "postcode", name=op.f("pk_delivery_area")),
    )
    with op.batch_alter_table("delivery_area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_area_postcode"), ["postcode"], unique=False)

    op.create_table(
        "employee",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "customer",
                "cashier",
                "pizzaiolo",
                "driver",
                "manager",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("restaurant_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "restaurant_id IS NOT NULL OR role = 'manager'", name=op.f("ck_employee_has_restaurant")
        ),
        sa.CheckConstraint("role <> 'customer'", name=op.f("ck_employee_role_is_staff")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_employee_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurant.id"], name=op.f("fk_employee_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_employee")),
    )
    with op.batch_alter_table("employee", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_employee_restaurant_id"), ["restaurant_id"], unique=False
        )

    op.create_table(
        "hidden_product",
        sa.Column("restaurant_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_hidden_product_product_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurant.id"], name=op.f("fk_hidden_product_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("restaurant_id", "product_id", name=op.f("pk_hidden_product")),
    )
    op.create_table(
        "job_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("restaurant_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("succeeded", sa.Boolean(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurant.id"], name=op.f("fk_job_run_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
    )
    with op.batch_alter_table("job_run", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_job_run_job_started_at"), ["job", "started_at"], unique=False
        )

    op.create_table(
        "opening_hours",
        sa.Column("restaurant_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opens_minute", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("closes_minute", sa.Integer(), nullable=False),
        sa.CheckConstraint("closes_minute <= 1800", name=op.f("ck_opening_hours_closes")),
        sa.CheckConstraint(
            "opens_minute >= 360 AND opens_minute < closes_minute",
            name=op.f("ck_opening_hours_opens"),
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_opening_hours_weekday_range")),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurant.id"], name=op.f("fk_opening_hours_restaurant_id")
        ),
        sa.PrimaryKeyConstraint(
            "restaurant_id", "weekday", "opens_minute", name=op.f("pk_opening_hours")
        ),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("tracking_token", sa.String(length=43), nullable=False),
        sa.Column("checkout_key", sa.String(length=43), nullable=True),
        sa.Column("restaurant_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("pizzaiolo_id", sa.Integer(), nullable=True),
        sa.Column("driver_id", sa.Integer(), nullable=True),
        sa.Column(
            "source",
            sa.Enum(
                "web",
                "phone",
                "counter",
                "partner",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "mode",
            sa.Enum(
                "delivery",
                "takeaway",
                "eat_in",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "awaiting_payment",
                "to_prepare",
                "accepted",
                "preparing",
                "ready",
                "out_for_delivery",
                "delivered",
                "cancelled",
                "not_delivered",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "payment_choice",
            sa.Enum(
                "online",
                "on_delivery",
                name="payment_choice",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "means",
            sa.Enum(
                "online_card",
                "cash",
                "card_terminal",
                "other",
                name="means",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "payment_status",
            sa.Enum(
                "unpaid",
                "authorised",
                "paid",
                "partly_refunded",
                "refunded",
                "released",
                "failed",
                name="payment_status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("contact_name", sa.String(length=100), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("language", sa.String(length=5), server_default="fr", nullable=False),
        sa.Column("tip_cents", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("wished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hold_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ending_reason", sa.String(length=500), nullable=True),
        sa.Column("terms_accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "phone IS NOT NULL OR email IS NOT NULL OR source = 'counter' OR erased_at IS NOT NULL",
            name=op.f("ck_orders_contact"),
        ),
        sa.CheckConstraint(
            "status <> 'awaiting_payment' OR hold_expires_at IS NOT NULL",
            name=op.f("ck_orders_hold_expires"),
        ),
        sa.CheckConstraint(
            "status <> 'not_delivered' OR ending_reason IS NOT NULL",
            name=op.f("ck_orders_ending_reason"),
        ),
        sa.CheckConstraint("tip_cents >= 0", name=op.f("ck_orders_tip_not_negative")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_orders_account_id")),
        sa.ForeignKeyConstraint(["driver_id"], ["account.id"], name=op.f("fk_orders_driver_id")),
        sa.ForeignKeyConstraint(
            ["pizzaiolo_id"], ["account.id"], name=op.f("fk_orders_pizzaiolo_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurant.id"], name=op.f("fk_orders_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("checkout_key", name=op.f("uq_orders_checkout_key")),
        sa.UniqueConstraint("number", name=op.f("uq_orders_number")),
        sa.UniqueConstraint("tracking_token", name=op.f("uq_orders_tracking_token")),
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_orders_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_orders_driver_id"), ["driver_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_orders_email"), ["email"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_orders_hold_expires_at"), ["hold_expires_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_orders_phone"), ["phone"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_orders_restaurant_id_business_day"),
            ["restaurant_id", "business_day"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_orders_restaurant_id_status_placed_at"),
            ["restaurant_id", "status", "placed_at"],
            unique=False,
        )

    op.create_table(
        "product_extra",
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("ingredient_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_product_extra_price_not_negative")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_product_extra_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["ingredient_id"], ["ingredient.id"], name=op.f("fk_product_extra_ingredient_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_extra_product_id")
        ),
        sa.PrimaryKeyConstraint("product_id", "ingredient_id", name=op.f("pk_product_extra")),
    )
    op.create_table(
        "product_size",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("factor_percent", sa.Integer(), server_default=sa.text("100"), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("factor_percent > 0", name=op.f("ck_product_size_factor_positive")),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_product_size_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_size_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_size")),
        sa.UniqueConstraint("product_id", "code", name=op.f("uq_product_size_product_id_code")),
    )
    with op.batch_alter_table("product_size", schema=None) as batch_op:
        batch_op.create_index(
            "uq_product_size_default",
            ["product_id"],
            unique=True,
            postgresql_where=sa.text("is_default"),
            sqlite_where=sa.text("is_default"),
        )

    op.create_table(
        "stock",
        sa.Column("restaurant_id", sa.Integer(), nullable=False),
        sa.Column("ingredient_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("alert_quantity", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "alert_quantity >= 0", name=op.f("ck_stock_alert_quantity_not_negative")
        ),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_stock_quantity_not_negative")),
        sa.ForeignKeyConstraint(
            ["ingredient_id"], ["ingredient.id"], name=op.f("fk_stock_ingredient_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurant.id"], name=op.f("fk_stock_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("restaurant_id", "ingredient_id", name=op.f("pk_stock")),
    )
    op.create_table(
        "order_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "status",
                "revision",
                "payment",
                "note",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "awaiting_payment",
                "to_prepare",
                "accepted",
                "preparing",
                "ready",
                "out_for_delivery",
                "delivered",
                "cancelled",
                "not_delivered",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column(
            "author_role",
            sa.Enum(
                "customer",
                "cashier",
                "pizzaiolo",
                "driver",
                "manager",
                name="author_role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(length=500), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'status') = (status IS NOT NULL)", name=op.f("ck_order_event_status_given")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_order_event_author_id")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_event_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_event")),
    )
    with op.batch_alter_table("order_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_event_order_id"), ["order_id"], unique=False)
        batch_op.create_index(
            "uq_order_event_status",
            ["order_id", "status"],
            unique=True,
            postgresql_where=sa.text("kind = 'status'"),
            sqlite_where=sa.text("kind = 'status'"),
        )

    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=100), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text_body", sa.Text(), nullable=False),
        sa.Column("html_body", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_outgoing_mail_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outgoing_mail_dedupe_key")),
    )
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outgoing_mail_order_id"), ["order_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_outgoing_mail_sent_at_due_at"), ["sent_at", "due_at"], unique=False
        )

    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column(
            "means",
            sa.Enum(
                "online_card",
                "cash",
                "card_terminal",
                "other",
                name="means",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "created",
                "authorised",
                "captured",
                "released",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("currency", sa.String(length=3), server_default="EUR", nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("captured_cents", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("tendered_cents", sa.Integer(), nullable=True),
        sa.Column("receipt_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("stripe_intent_id", sa.String(length=64), nullable=True),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(means = 'online_card') = (recorded_by_id IS NULL)",
            name=op.f("ck_payment_recorded_by"),
        ),
        sa.CheckConstraint(
            "(state = 'captured') = (captured_cents > 0)", name=op.f("ck_payment_captured_state")
        ),
        sa.CheckConstraint("currency = 'EUR'", name=op.f("ck_payment_currency")),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_payment_amount_positive")),
        sa.CheckConstraint(
            "captured_cents = 0 OR receipt_id IS NOT NULL", name=op.f("ck_payment_receipt_given")
        ),
        sa.CheckConstraint(
            "captured_cents BETWEEN 0 AND amount_cents", name=op.f("ck_payment_captured_range")
        ),
        sa.CheckConstraint(
            "tendered_cents >= captured_cents", name=op.f("ck_payment_tendered_enough")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payment_order_id")),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"], name=op.f("fk_payment_receipt_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_payment_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_payment_idempotency_key")),
        sa.UniqueConstraint("receipt_id", name=op.f("uq_payment_receipt_id")),
        sa.UniqueConstraint("stripe_intent_id", name=op.f("uq_payment_stripe_intent_id")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_retry_at"), ["retry_at"], unique=False)

    op.create_table(
        "price_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("restaurant_id", sa.Integer(), nullable=True),
        sa.Column("product_size_id", sa.Integer(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_price_change_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_price_change_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_size_id"], ["product_size.id"], name=op.f("fk_price_change_product_size_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurant.id"], name=op.f("fk_price_change_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_change")),
    )
    with op.batch_alter_table("price_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_price_change_applied_at_effective_at"),
            ["applied_at", "effective_at"],
            unique=False,
        )

    op.create_table(
        "promotion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "percentage",
                "amount",
                "free_product",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("amount_cents", sa.Integer(), nullable=True),
        sa.Column("product_size_id", sa.Integer(), nullable=True),
        sa.Column("minimum_cents", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("weekday_mask", sa.Integer(), server_default=sa.text("127"), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=True),
        sa.Column("to_minute", sa.Integer(), nullable=True),
        sa.Column("first_order_only", sa.Boolean(), nullable=False),
        sa.Column("birthday_only", sa.Boolean(), nullable=False),
        sa.Column("per_customer_limit", sa.Integer(), nullable=True),
        sa.Column("total_limit", sa.Integer(), nullable=True),
        sa.Column("times_used", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(kind = 'amount') = (amount_cents IS NOT NULL)", name=op.f("ck_promotion_amount_given")
        ),
        sa.CheckConstraint(
            "(kind = 'free_product') = (product_size_id IS NOT NULL)",
            name=op.f("ck_promotion_product_given"),
        ),
        sa.CheckConstraint(
            "(kind = 'percentage') = (percent IS NOT NULL)", name=op.f("ck_promotion_percent_given")
        ),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_promotion_amount_positive")),
        sa.CheckConstraint("code = upper(code)", name=op.f("ck_promotion_code_upper")),
        sa.CheckConstraint("from_minute < to_minute", name=op.f("ck_promotion_minutes_order")),
        sa.CheckConstraint("minimum_cents >= 0", name=op.f("ck_promotion_minimum_not_negative")),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_promotion_percent_range")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_promotion_period_order")),
        sa.CheckConstraint(
            "times_used <= total_limit", name=op.f("ck_promotion_within_total_limit")
        ),
        sa.CheckConstraint("times_used >= 0", name=op.f("ck_promotion_times_used_not_negative")),
        sa.CheckConstraint(
            "weekday_mask BETWEEN 1 AND 127", name=op.f("ck_promotion_weekday_mask_range")
        ),
        sa.ForeignKeyConstraint(
            ["product_size_id"], ["product_size.id"], name=op.f("fk_promotion_product_size_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotion")),
        sa.UniqueConstraint("code", name=op.f("uq_promotion_code")),
    )
    op.create_table(
        "restaurant_price",
        sa.Column("restaurant_id", sa.Integer(), nullable=False),
        sa.Column("product_size_id", sa.Integer(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_restaurant_price_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["product_size_id"],
            ["product_size.id"],
            name=op.f("fk_restaurant_price_product_size_id"),
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurant.id"], name=op.f("fk_restaurant_price_restaurant_id")
        ),
        sa.PrimaryKeyConstraint(
            "restaurant_id", "product_size_id", name=op.f("pk_restaurant_price")
        ),
    )
    op.create_table(
        "stock_movement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("restaurant_id", sa.Integer(), nullable=False),
        sa.Column("ingredient_id", sa.Integer(), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column("quantity_after", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "opening",
                "supply",
                "order",
                "order_changed",
                "order_cancelled",
                "correction",
                "waste",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("delta <> 0", name=op.f("ck_stock_movement_delta_not_zero")),
        sa.CheckConstraint(
            "quantity_after >= 0", name=op.f("ck_stock_movement_quantity_after_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_stock_movement_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_stock_movement_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id", "ingredient_id"],
            ["stock.restaurant_id", "stock.ingredient_id"],
            name=op.f("fk_stock_movement_restaurant_id_ingredient_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movement")),
    )
    with op.batch_alter_table("stock_movement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stock_movement_order_id"), ["order_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_stock_movement_restaurant_id_ingredient_id_at"),
            ["restaurant_id", "ingredient_id", "at"],
            unique=False,
        )

    op.create_table(
        "basket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=43), nullable=False),
        sa.Column("checkout_key", sa.String(length=43), nullable=False),
        sa.Column("restaurant_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("promotion_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_basket_account_id")),
        sa.ForeignKeyConstraint(
            ["promotion_id"], ["promotion.id"], name=op.f("fk_basket_promotion_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurant.id"], name=op.f("fk_basket_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_basket")),
        sa.UniqueConstraint("checkout_key", name=op.f("uq_basket_checkout_key")),
        sa.UniqueConstraint("token", name=op.f("uq_basket_token")),
    )
    with op.batch_alter_table("basket", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_basket_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_basket_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "order_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "current",
                "replaced",
                "abandoned",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("comment", sa.String(length=500), server_default="", nullable=False),
        sa.Column("subtotal_cents", sa.Integer(), nullable=False),
        sa.Column("discount_cents", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("delivery_fee_cents", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("promotion_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summary_shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("summary_downloaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("summary_mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("summary_printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("street", sa.String(length=200), nullable=True),
        sa.Column("complement", sa.String(length=200), nullable=True),
        sa.Column("postcode", sa.String(length=10), nullable=True),
        sa.Column("town", sa.String(length=100), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.CheckConstraint(
            "delivery_fee_cents >= 0", name=op.f("ck_order_revision_delivery_fee_not_negative")
        ),
        sa.CheckConstraint(
            "discount_cents BETWEEN 0 AND subtotal_cents",
            name=op.f("ck_order_revision_discount_range"),
        ),
        sa.CheckConstraint(
            "subtotal_cents >= 0", name=op.f("ck_order_revision_subtotal_not_negative")
        ),
        sa.CheckConstraint(
            "total_cents = subtotal_cents - discount_cents + delivery_fee_cents",
            name=op.f("ck_order_revision_total"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_order_revision_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_revision_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["promotion_id"], ["promotion.id"], name=op.f("fk_order_revision_promotion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_revision")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_order_revision_order_id_number")),
    )
    with op.batch_alter_table("order_revision", schema=None) as batch_op:
        batch_op.create_index(
            "uq_order_revision_current",
            ["order_id"],
            unique=True,
            postgresql_where=sa.text("state = 'current'"),
            sqlite_where=sa.text("state = 'current'"),
        )
        batch_op.create_index(
            "uq_order_revision_pending",
            ["order_id"],
            unique=True,
            postgresql_where=sa.text("state = 'pending'"),
            sqlite_where=sa.text("state = 'pending'"),
        )

    op.create_table(
        "promotion_restaurant",
        sa.Column("promotion_id", sa.Integer(), nullable=False),
        sa.Column("restaurant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["promotion_id"], ["promotion.id"], name=op.f("fk_promotion_restaurant_promotion_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurant.id"], name=op.f("fk_promotion_restaurant_restaurant_id")
        ),
        sa.PrimaryKeyConstraint(
            "promotion_id", "restaurant_id", name=op.f("pk_promotion_restaurant")
        ),
    )
    op.create_table(
        "promotion_use",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("promotion_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("discount_cents", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "discount_cents >= 0", name=op.f("ck_promotion_use_discount_not_negative")
        ),
        sa.CheckConstraint("ordinal > 0", name=op.f("ck_promotion_use_ordinal_positive")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_promotion_use_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_promotion_use_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["promotion_id"], ["promotion.id"], name=op.f("fk_promotion_use_promotion_id")
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_promotion_use")),
        sa.UniqueConstraint(
            "promotion_id",
            "account_id",
            "ordinal",
            name=op.f("uq_promotion_use_promotion_id_account_id_ordinal"),
        ),
    )
    op.create_table(
        "refund",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "done",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("stripe_refund_id", sa.String(length=64), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_cents > 0", name=op.f("ck_refund_amount_positive")),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_refund_author_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_refund_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_refund_idempotency_key")),
        sa.UniqueConstraint("stripe_refund_id", name=op.f("uq_refund_stripe_refund_id")),
    )
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refund_payment_id"), ["payment_id"], unique=False)

    op.create_table(
        "basket_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("basket_id", sa.Integer(), nullable=False),
        sa.Column("selection", sa.String(length=1000), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity BETWEEN 1 AND 50", name=op.f("ck_basket_line_quantity_range")),
        sa.ForeignKeyConstraint(
            ["basket_id"], ["basket.id"], name=op.f("fk_basket_line_basket_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_basket_line")),
        sa.UniqueConstraint(
            "basket_id", "selection", name=op.f("uq_basket_line_basket_id_selection")
        ),
    )
    op.create_table(
        "order_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pizza",
                "drink",
                "dessert",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("product_size_id", sa.Integer(), nullable=False),
        sa.Column("size_name", sa.String(length=60), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price_cents", sa.Integer(), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("discount_cents", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("fee_cents", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("vat_rate", sa.Integer(), nullable=False),
        sa.Column("vat_cents", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "amount_cents = unit_price_cents * quantity", name=op.f("ck_order_line_amount")
        ),
        sa.CheckConstraint(
            "discount_cents BETWEEN 0 AND amount_cents", name=op.f("ck_order_line_discount_range")
        ),
        sa.CheckConstraint("fee_cents >= 0", name=op.f("ck_order_line_fee_not_negative")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_line_quantity_positive")),
        sa.CheckConstraint(
            "unit_price_cents >= 0", name=op.f("ck_order_line_unit_price_not_negative")
        ),
        sa.CheckConstraint(
            "vat_cents BETWEEN 0 AND amount_cents - discount_cents + fee_cents",
            name=op.f("ck_order_line_vat_range"),
        ),
        sa.CheckConstraint("vat_rate >= 0", name=op.f("ck_order_line_vat_rate_not_negative")),
        sa.ForeignKeyConstraint(
            ["product_size_id"], ["product_size.id"], name=op.f("fk_order_line_product_size_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["order_revision.id"], name=op.f("fk_order_line_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
        sa.UniqueConstraint(
            "revision_id", "position", name=op.f("uq_order_line_revision_id_position")
        ),
    )
    op.create_table(
        "order_line_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.CheckConstraint("position IN (0, 1)", name=op.f("ck_order_line_part_position_range")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["order_line.id"], name=op.f("fk_order_line_part_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_order_line_part_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line_part")),
        sa.UniqueConstraint(
            "line_id", "position", name=op.f("uq_order_line_part_line_id_position")
        ),
    )
    op.create_table(
        "part_ingredient",
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("ingredient_id", sa.Integer(), nullable=False),
        sa.Column(
            "use",
            sa.Enum(
                "base",
                "extra",
                "without",
                name="use",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price_cents", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "(use = 'without') = (quantity = 0)",
            name=op.f("ck_part_ingredient_without_takes_nothing"),
        ),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_part_ingredient_price_not_negative")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_part_ingredient_quantity_not_negative")),
        sa.ForeignKeyConstraint(
            ["ingredient_id"], ["ingredient.id"], name=op.f("fk_part_ingredient_ingredient_id")
        ),
        sa.ForeignKeyConstraint(
            ["part_id"], ["order_line_part.id"], name=op.f("fk_part_ingredient_part_id")
        ),
        sa.PrimaryKeyConstraint("part_id", "ingredient_id", "use", name=op.f("pk_part_ingredient")),
    )
    forbid_changes()


def downgrade() -> None:
    op.drop_table("part_ingredient")
    op.drop_table("order_line_part")
    op.drop_table("order_line")
    op.drop_table("basket_line")
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refund_payment_id"))

    op.drop_table("refund")
    op.drop_table("promotion_use")
    op.drop_table("promotion_restaurant")
    with op.batch_alter_table("order_revision", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_order_revision_pending",
            postgresql_where=sa.text("state = 'pending'"),
            sqlite_where=sa.text("state = 'pending'"),
        )
        batch_op.drop_index(
            "uq_order_revision_current",
            postgresql_where=sa.text("state = 'current'"),
            sqlite_where=sa.text("state = 'current'"),
        )

    op.drop_table("order_revision")
    with op.batch_alter_table("basket", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_basket_updated_at"))
        batch_op.drop_index(batch_op.f("ix_basket_account_id"))

    op.drop_table("basket")
    with op.batch_alter_table("stock_movement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stock_movement_restaurant_id_ingredient_id_at"))
        batch_op.drop_index(batch_op.f("ix_stock_movement_order_id"))

    op.drop_table("stock_movement")
    op.drop_table("restaurant_price")
    op.drop_table("promotion")
    with op.batch_alter_table("price_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_price_change_applied_at_effective_at"))

    op.drop_table("price_change")
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_retry_at"))
        batch_op.drop_index(batch_op.f("ix_payment_order_id"))

    op.drop_table("payment")
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outgoing_mail_sent_at_due_at"))
        batch_op.drop_index(batch_op.f("ix_outgoing_mail_order_id"))

    op.drop_table("outgoing_mail")
    with op.batch_alter_table("order_event", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_order_event_status",
            postgresql_where=sa.text("kind = 'status'"),
            sqlite_where=sa.text("kind = 'status'"),
        )
        batch_op.drop_index(batch_op.f("ix_order_event_order_id"))

    op.drop_table("order_event")
    op.drop_table("stock")
    with op.batch_alter_table("product_size", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_product_size_default",
            postgresql_where=sa.text("is_default"),
            sqlite_where=sa.text("is_default"),
        )

    op.drop_table("product_size")
    op.drop_table("product_extra")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_orders_restaurant_id_status_placed_at"))
        batch_op.drop_index(batch_op.f("ix_orders_restaurant_id_business_day"))
        batch_op.drop_index(batch_op.f("ix_orders_phone"))
        batch_op.drop_index(batch_op.f("ix_orders_hold_expires_at"))
        batch_op.drop_index(batch_op.f("ix_orders_email"))
        batch_op.drop_index(batch_op.f("ix_orders_driver_id"))
        batch_op.drop_index(batch_op.f("ix_orders_account_id"))

    op.drop_table("orders")
    op.drop_table("opening_hours")
    with op.batch_alter_table("job_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_run_job_started_at"))

    op.drop_table("job_run")
    op.drop_table("hidden_product")
    with op.batch_alter_table("employee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employee_restaurant_id"))

    op.drop_table("employee")
    with op.batch_alter_table("delivery_area", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_area_postcode"))

    op.drop_table("delivery_area")
    with op.batch_alter_table("composition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_composition_ingredient_id"))

    op.drop_table("composition")
    op.drop_table("closed_day")
    with op.batch_alter_table("saved_card", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_card_account_id"))

    op.drop_table("saved_card")
    op.drop_table("restaurant")
    op.drop_table("receipt")
    op.drop_table("product")
    op.drop_table("ingredient_allergen")
    with op.batch_alter_table("external_identity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_external_identity_account_id"))

    op.drop_table("external_identity")
    with op.batch_alter_table("account_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_token_account_id"))

    op.drop_table("account_token")
    with op.batch_alter_table("account_address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_address_account_id"))

    op.drop_table("account_address")
    with op.batch_alter_table("stripe_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stripe_event_handled_at"))

    op.drop_table("stripe_event")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_attempt_identifier_sha256_at"))
        batch_op.drop_index(batch_op.f("ix_sign_in_attempt_client_address_at"))

    op.drop_table("sign_in_attempt")
    op.drop_table("picture")
    op.drop_table("legal_entity")
    op.drop_table("ingredient")
    op.drop_table("account")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION append_only()")
