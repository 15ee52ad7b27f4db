"""Runs the migrations on the connection that `ocpizza.operations.migrate` hands over."""

from alembic import context

import ocpizza.models  # noqa: F401  (fills the metadata)
from ocpizza.db import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
