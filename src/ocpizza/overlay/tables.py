"""Tables that a restaurant brings: beside the product's, never in their way.

from ocpizza.overlay.tables import new_base

Base = new_base()
"""

from collections.abc import Iterator
from datetime import datetime
from types import ModuleType
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, ForeignKey, MetaData, Table, inspect
from sqlalchemy.exc import InvalidRequestError, NoReferenceError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapper, Relationship

import ocpizza.models  # noqa: F401  (fills the metadata)
from ocpizza.column_types import UtcDateTime
from ocpizza.db import NAMING_CONVENTION, reason
from ocpizza.db import Base as ProductBase
from ocpizza.overlay.errors import OverlayError
from ocpizza.overlay.modules import LoadedModule, Modules
from ocpizza.overlay.release import Release

# What becomes of a row whose product's row goes: people are erased, whatever a restaurant keeps.
FOLLOWS = ("CASCADE", "SET NULL")
MAX_NAME = 63
# What alembic calls a column that is not as it is said to be.
COLUMNS = {"add_column", "remove_column", "modify_type", "modify_nullable"}


def new_base() -> type[DeclarativeBase]:
    """Return a base for the tables of one module, with metadata of its own."""

    class Base(DeclarativeBase):
        metadata = MetaData(naming_convention=NAMING_CONVENTION)
        type_annotation_map = {datetime: UtcDateTime}

    return Base


def metadata_in(module: ModuleType) -> Iterator[MetaData]:
    """Return the metadata of the bases that a module made."""
    return (base.metadata for base in _bases_in(module))


def check_tables(component: LoadedModule) -> None:
    """Raises OverlayError for tables that could be in the product's way.

    And for classes: what reaches back from the product's would stay on them after a release.
    """
    for base in _bases_in(component.module):
        for mapper in list(base.registry.mappers):
            if found := next(_reaching_back(mapper.class_), None):
                raise OverlayError(component.name, f"class {mapper.class_.__name__}: {found}")
    for metadata in metadata_in(component.module):
        for table in metadata.tables.values():
            if found := next(_faults(component.place, table), None):
                raise OverlayError(component.name, f"table {table.name}: {found}")


def load_checked(release: Release) -> Modules:
    """Import the Python of a release, its tables looked at. Raises OverlayError, nothing left."""
    modules = Modules(release)
    modules.load()
    try:
        for component in modules.components:
            check_tables(component)
    except OverlayError:
        modules.forget()
        raise
    return modules


def make_tables(connection: Connection, modules: Modules) -> list[str]:
    """Create the tables that are missing; return their names.

    Raises OverlayError where one is there that has other columns, or the database refuses one.
    """
    created: list[str] = []
    for component in modules.components:
        for metadata in dict.fromkeys(metadata_in(component.module)):
            created += _make(connection, component.name, metadata)
    return created


def _make(connection: Connection, component: str, metadata: MetaData) -> list[str]:
    existing = {name for name in metadata.tables if connection.dialect.has_table(connection, name)}
    try:
        metadata.create_all(connection)
    except SQLAlchemyError as error:
        raise OverlayError(component, f"a table cannot be created: {reason(error)}") from error
    for name in _changed(connection, metadata):
        told = f"table {name} is there with other columns: give the new one another name"
        raise OverlayError(component, told)
    return [name for name in metadata.tables if name not in existing]


def _changed(connection: Connection, metadata: MetaData) -> Iterator[str]:
    """Return the tables that have other columns in the database."""

    def concerns(name: str | None, kind: str, _parents: Any) -> bool:
        return kind != "table" or name in metadata.tables

    context = MigrationContext.configure(connection, opts={"include_name": concerns})
    for found in compare_metadata(context, metadata):
        what, _schema, name, *_ = found[0] if isinstance(found, list) else found
        if what in COLUMNS:
            yield name


def _bases_in(module: ModuleType) -> Iterator[type[DeclarativeBase]]:
    for value in dict.fromkeys(filter(_is_base, vars(module).values())):
        if value.metadata is not ProductBase.metadata:
            yield value


def _reaching_back(mapped: type) -> Iterator[str]:
    """Return what of a class would change another's; looked at before any of it takes effect."""
    for name, value in vars(mapped).items():
        asked = value.comparator.prop if isinstance(value, InstrumentedAttribute) else None
        if not isinstance(asked, Relationship):
            continue
        if asked.backref:
            yield f"{name} has a backref: write both sides, with back_populates"
        if asked.back_populates and _is_products(asked.argument):
            yield f"{name} has back_populates to a class of the product: leave it out"


def _is_products(argument: object) -> bool:
    target = argument() if callable(argument) and not isinstance(argument, type) else argument
    found = inspect(target, raiseerr=False)
    return isinstance(found, Mapper) and found.class_.metadata is ProductBase.metadata


def _is_base(value: object) -> bool:
    return (
        isinstance(value, type)
        and issubclass(value, DeclarativeBase)
        and hasattr(value, "metadata")
    )


def _faults(place: str, table: Table) -> Iterator[str]:
    if not table.name.startswith(f"{place}_") or table.name in ProductBase.metadata.tables:
        yield f"its name must begin with {place}_"
    if table.schema is not None or len(table.name) > MAX_NAME:
        yield f"its name must be a plain one of {MAX_NAME} letters at most"
    for key in table.foreign_keys:
        yield from _key_faults(key)


def _key_faults(key: ForeignKey) -> Iterator[str]:
    column = key.parent.name
    try:
        target = key.column.table
    except (NoReferenceError, InvalidRequestError):
        yield f"{column} names no table: write ForeignKey(Account.id, ondelete=…), not a text"
        return
    ondelete = (key.ondelete or "").upper()
    if ondelete not in FOLLOWS:
        yield f"{column} needs ondelete='CASCADE' or 'SET NULL', or {target.name} could not forget"
    if ondelete == "SET NULL" and not key.parent.nullable:
        yield f"{column} is set to NULL, so it must be nullable"
