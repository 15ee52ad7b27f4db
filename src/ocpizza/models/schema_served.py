"""The schemas whose programs the database still serves, its own among them.

Hosts are upgraded one by one: the first one migrates, the others go on with the program before.
"""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.db import Base


class SchemaServed(Base):
    """A program that was made for the schema of this revision works with this database."""

    __tablename__ = "schema_served"

    revision: Mapped[str] = mapped_column(String(32), primary_key=True)
