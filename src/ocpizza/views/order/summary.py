"""B2: the summary as a file, for the customer and for the staff; each way out is noted."""

from pyramid.httpexceptions import HTTPForbidden
from pyramid.response import Response
from pyramid.view import view_config

from ocpizza.contexts import StaffOrder, TrackedOrder
from ocpizza.documents.summary import order_summary
from ocpizza.request import Answer, Request, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.order.summary_log import SummaryDelivery, record_summary_delivery


@view_config(route_name="summary_pdf", request_method="GET", permission=Permission.SHOP)
def download(context: TrackedOrder, request: Request) -> Answer:
    return _hand_out(request, context.order_id, "attachment", SummaryDelivery.DOWNLOADED)


@view_config(
    route_name="staff_summary_pdf", request_method="GET", permission=Permission.STAFF_ORDER
)
def print_out(context: StaffOrder, request: SignedInRequest) -> Answer:
    if not context.concerns(request.signed_in):
        raise HTTPForbidden
    return _hand_out(request, context.order.id, "inline", SummaryDelivery.PRINTED)


def _hand_out(request: Request, order_id: int, disposition: str, how: SummaryDelivery) -> Response:
    site = request.registry.settings["site.url"]
    document = order_summary(request.db, order_id, site)
    note_summary_delivery(request, document.revision_id, how)
    response = Response(document.content, content_type="application/pdf")
    response.content_disposition = f'{disposition}; filename="{document.name}"'
    response.cache_control = "private, no-store"
    return response


def note_summary_delivery(request: Request, revision_id: int, how: SummaryDelivery) -> None:
    """Note that somebody has got the summary; not where a browser fetches it in advance."""
    if request.method == "GET" and not fetched_in_advance(request):
        now = request.now
        request.after_answer(
            lambda session: record_summary_delivery(session, revision_id, how, now),
            one_statement=True,
        )


def fetched_in_advance(request: Request) -> bool:
    """Return whether a browser asks on its own, for a page that may never be looked at."""
    purpose = request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or ""
    return purpose.startswith(("prefetch", "preview"))
