"""X of the till that is open and Z of those that were closed: pages, 80 mm tickets, CSV."""

from collections.abc import Iterator

from pyramid.httpexceptions import HTTPForbidden
from pyramid.response import Response
from pyramid.view import view_config

from ocpizza.amounts import percent
from ocpizza.contexts import ClosedTill, Workplace
from ocpizza.documents.till_report import till_ticket
from ocpizza.domain.till_report import Flow
from ocpizza.i18n import _
from ocpizza.i18n.catalogues import LOCALES
from ocpizza.labels import label
from ocpizza.models.till import TillSession
from ocpizza.request import Answer, Request, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.till.closed import list_closed
from ocpizza.services.till.report import load_report, moved_by_kind
from ocpizza.services.till.session import find_till
from ocpizza.views.answers import chosen_row, go_to
from ocpizza.views.spreadsheet import decimal, spreadsheet

MAY = {"request_method": "GET", "permission": Permission.TILL_SESSION}
REPORT = {"renderer": "staff/till_report.jinja2"}
COLUMNS = (
    _("Rubrique"),
    _("Ligne"),
    _("Encaissé"),
    _("Rendu"),
    _("Net"),
    _("Hors taxes"),
    _("Taxe"),
)
Row = tuple[str, ...]


@view_config(route_name="till_x", **REPORT, **MAY)
def show_open(context: Workplace, request: Request) -> Answer:
    till = find_till(request.db, context.restaurant_id, whole=True)
    return _page(request, till) if till else _none_open(context, request)


@view_config(route_name="till_x_pdf", **MAY)
def print_open(context: Workplace, request: Request) -> Answer:
    till = find_till(request.db, context.restaurant_id, whole=True)
    return _ticket(context, request, till) if till else _none_open(context, request)


@view_config(route_name="till_x_csv", **MAY)
def download_open(context: Workplace, request: Request) -> Answer:
    till = find_till(request.db, context.restaurant_id, whole=True)
    return _file(context, request, till) if till else _none_open(context, request)


@view_config(route_name="till_reports", renderer="staff/till_reports.jinja2", **MAY)
def list_reports(context: Workplace, request: SignedInRequest) -> Answer:
    """A cashier finds those that they closed themselves."""
    everybody = request.has_permission(Permission.TILL_REPORTS, context)
    page = list_closed(
        request.db,
        context.restaurant_id,
        closed_by_id=None if everybody else request.signed_in.account_id,
        before=chosen_row(request, "avant"),
    )
    reports = [(till, load_report(request.db, till).sums) for till in page.tills]
    return {"reports": reports, "older": page.older, "everybody": everybody}


@view_config(route_name="till_report", **REPORT, **MAY)
def show_closed(context: ClosedTill, request: SignedInRequest) -> Answer:
    _check_theirs(context, request)
    return _page(request, context.till)


@view_config(route_name="till_report_pdf", **MAY)
def print_closed(context: ClosedTill, request: SignedInRequest) -> Answer:
    _check_theirs(context, request)
    return _ticket(context, request, context.till)


@view_config(route_name="till_report_csv", **MAY)
def download_closed(context: ClosedTill, request: SignedInRequest) -> Answer:
    _check_theirs(context, request)
    return _file(context, request, context.till)


def _check_theirs(context: ClosedTill, request: SignedInRequest) -> None:
    """A cashier sees what they closed, a manager all."""
    theirs = context.till.closed_by_id == request.signed_in.account_id
    if not theirs and not request.has_permission(Permission.TILL_REPORTS, context):
        raise HTTPForbidden


def _none_open(context: Workplace, request: Request) -> Answer:
    return go_to(request, "till_session", code=context.restaurant.code)


def _page(request: Request, till: TillSession) -> Answer:
    report = load_report(request.db, till)
    moved = moved_by_kind(till.movements)
    return {"till": till, "sums": report.sums, "drawer": report.drawer, "moved": moved}


def _ticket(context: Workplace, request: Request, till: TillSession) -> Response:
    content = till_ticket(request.db, till, context.restaurant, request.locale_name)
    response = Response(content, content_type="application/pdf")
    response.content_disposition = f'inline; filename="{_name(context, till)}.pdf"'
    response.cache_control = "private, no-store"
    return response


def _file(context: Workplace, request: Request, till: TillSession) -> Response:
    return spreadsheet(request, _name(context, till), COLUMNS, _rows(request, till))


def _name(context: Workplace, till: TillSession) -> str:
    code = context.restaurant.code
    return f"z-{code}-{till.number}" if till.number else f"x-{code}"


def _rows(request: Request, till: TillSession) -> Iterator[Row]:
    """Return each line of the report under the heading that it has on its page."""
    report, say = load_report(request.db, till), request.localizer.translate
    sums, drawer = report.sums, report.drawer
    for means, flow in sums.means.items():
        yield _flow(say(_("Par moyen de paiement")), say(label(means)), flow)
    yield _flow(say(_("Par moyen de paiement")), say(_("Total")), sums.whole)
    for mode, flow in sums.modes.items():
        yield _flow(say(_("Par mode")), say(label(mode)), flow)
    for rate, taxed in sums.vat.items():
        parts = (taxed.gross_cents, taxed.net_cents, taxed.vat_cents)
        name = percent(rate, LOCALES[request.locale_name])
        yield (say(_("Par taux de TVA")), name, "", "", *map(decimal, parts))
    for kind, cents in moved_by_kind(till.movements).items():
        yield _sum(say(_("Mouvements")), say(label(kind)), cents)
    counted = [] if till.counted_cents is None else [(_("Compté"), till.counted_cents)]
    for title, cents in (
        (_("Fond de caisse"), drawer.float_cents),
        (_("Espèces encaissées"), drawer.received_cents),
        (_("Espèces rendues"), drawer.given_back_cents),
        (_("Mouvements"), drawer.moved_cents),
        (_("Attendu"), drawer.expected_cents),
        *counted,
    ):
        yield _sum(say(_("Tiroir-caisse")), say(title), cents)
    if till.counted_cents is not None:
        yield _sum(say(_("Tiroir-caisse")), say(_("Écart")), till.difference_cents)
    if till.difference_note:
        yield (say(_("Motif de l’écart")), till.difference_note, *[""] * 5)


def _flow(heading: str, name: str, flow: Flow) -> Row:
    cents = (flow.received_cents, flow.given_back_cents, flow.net_cents)
    return (heading, name, *map(decimal, cents), "", "")


def _sum(heading: str, name: str, cents: int) -> Row:
    return (heading, name, "", "", decimal(cents), "", "")
