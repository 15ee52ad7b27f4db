"""Answers that several views give."""

from collections.abc import Mapping, Sequence
from typing import Any

from pyramid.httpexceptions import HTTPNotModified, HTTPSeeOther
from wtforms import Form

from ocpizza.contexts import StaffOrder
from ocpizza.forms.choice import MAX_ID
from ocpizza.i18n import _
from ocpizza.request import Request
from ocpizza.security_log import Action, Result, tell
from ocpizza.services.rate_limits import TooManyUses

OK = 200
UNPROCESSABLE = 422
TOO_MANY = 429
Query = Mapping[str, Any] | Sequence[tuple[str, Any]]


def say(request: Request, text: str, kind: str = "info") -> None:
    """Show `text` at the top of the visitor's next page."""
    request.session.flash([kind, request.localizer.translate(text)])


def go_to(
    request: Request,
    route: str,
    *,
    anchor: str | None = None,
    query: Query | None = None,
    **parts: Any,
) -> HTTPSeeOther:
    """Redirect after a post, to a page of ours."""
    return HTTPSeeOther(request.route_path(route, _anchor=anchor, _query=query, **parts))


def ask_again(request: Request, page: dict[str, Any]) -> dict[str, Any]:
    """Answer with the page of a refused form: 422, unless something more precise was set."""
    if request.response.status_int == OK:
        request.response.status_int = UNPROCESSABLE
    return page


def go_to_staff_order(context: StaffOrder, request: Request) -> HTTPSeeOther:
    """Redirect to the staff's page of an order."""
    code, number = context.restaurant.code, context.order.number
    return go_to(request, "staff_order", code=code, number=number)


def too_many_tries(request: Request, refused: TooManyUses) -> str:
    """Return what to say to somebody who tries too often; the answer tells programs, too."""
    tell(Action.LIMIT, Result.LIMITED)
    request.response.status_int = TOO_MANY
    request.response.retry_after = int(refused.wait.total_seconds()) + 1
    return _(
        "Trop d’essais. Patientez ${minutes} min avant de recommencer.",
        mapping={"minutes": refused.minutes},
    )


def refuse_unchanged(request: Request, version: str) -> None:
    """Answer 304 if the browser already has this version; else mark the answer with it.

    The language that it is written in is part of the version.
    """
    version = f"{version}-{request.locale_name}"
    if version in request.if_none_match:
        raise HTTPNotModified(headers=[("ETag", f'"{version}"')])
    request.response.etag = version


def chosen_row(request: Request, field: str) -> int:
    """Return the row that a form or an address names, 0 (nobody's) where it names none."""
    text = request.params.get(field, "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 10 else 0
    return number if number <= MAX_ID else 0


def first_error(form: Form) -> str:
    """Return the first message of a form that was refused."""
    return next(message for messages in form.errors.values() for message in messages)
