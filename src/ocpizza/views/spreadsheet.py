"""Files for spreadsheets, as French ones read them: `;`, a mark of UTF-8, decimal commas."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from pyramid.response import Response

from ocpizza.request import Request

# What a spreadsheet would take for a formula, were it typed by somebody else.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
NUMBER = re.compile(r"-?[0-9]+(,[0-9]+)?")


def spreadsheet(
    request: Request,
    name: str,
    columns: Iterable[str],
    rows: Iterable[Sequence[str | int | None]],
) -> Response:
    """Return a file of this name to keep: its columns' titles, then its rows, none a formula."""
    file = io.StringIO()
    written = csv.writer(file, delimiter=";", lineterminator="\r\n")
    written.writerow(request.localizer.translate(column) for column in columns)
    written.writerows([_inert(cell) for cell in row] for row in rows)
    response = Response(file.getvalue().encode("utf-8-sig"), content_type="text/csv")
    response.charset = "utf-8"
    response.content_disposition = f'attachment; filename="{name}.csv"'
    response.cache_control = "private, no-store"
    return response


def decimal(cents: int) -> str:
    """Return euros as a number that can be added up."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100},{abs(cents) % 100:02}"


def _inert(cell: str | int | None) -> str | int | None:
    """Return what stands in a cell, whoever typed it, as nothing that a spreadsheet computes."""
    text = isinstance(cell, str) and not NUMBER.fullmatch(cell)
    return f"'{cell}" if text and str(cell).startswith(FORMULA) else cell
