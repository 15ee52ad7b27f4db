"""One SQL construct: the rows of a subquery as a JSON list of lists, on PostgreSQL and SQLite.

It lets one statement bring a product with its sizes, ingredients and extras.
"""

from typing import Any

from sqlalchemy import JSON, ColumnElement, FromClause, ScalarSelect, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _JsonRows(FunctionElement[Any]):
    """Aggregates rows of the given columns; no row gives an empty list."""

    name = "json_rows"
    type = JSON()
    inherit_cache = True


@compiles(_JsonRows, "postgresql")
def _on_postgresql(element: _JsonRows, compiler: SQLCompiler, **options: Any) -> str:
    columns = compiler.process(element.clauses, **options)
    return f"coalesce(json_agg(json_build_array({columns})), '[]')"


@compiles(_JsonRows, "sqlite")
def _on_sqlite(element: _JsonRows, compiler: SQLCompiler, **options: Any) -> str:
    columns = compiler.process(element.clauses, **options)
    return f"json_group_array(json_array({columns}))"


def json_rows(
    *columns: ColumnElement[Any] | InstrumentedAttribute[Any],
    of: FromClause,
    where: ColumnElement[bool],
) -> ScalarSelect[Any]:
    """Return a scalar subquery: [[column, …], …] of `of` where `where`; put the sort key first."""
    return select(_JsonRows(*columns)).select_from(of).where(where).scalar_subquery()
