"""The audit trail: managers read what their staff changed, and search it."""

from datetime import date, datetime, time, timedelta

from pyramid.view import view_config

from ocpizza.contexts import Workplace
from ocpizza.domain.hours import PARIS
from ocpizza.forms.trail import TrailForm
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.account.colleagues import colleagues_of
from ocpizza.services.trail.search import Search, list_changes
from ocpizza.views.answers import chosen_row
from ocpizza.views.staff.trail_words import ACTS, SUBJECTS, fact_changes

FILTERS = ("qui", "sur", "quoi", "du", "au")


@view_config(
    route_name="trail",
    request_method="GET",
    renderer="staff/trail.jinja2",
    permission=Permission.TRAIL,
)
def trail(context: Workplace, request: SignedInRequest) -> Answer:
    form = TrailForm(request.GET)
    # A day that cannot be read narrows nothing, and is said.
    form.validate()
    search = _search(request, form)
    page = list_changes(request.db, search, chosen_row(request, "avant"))
    known = [(name, request.GET.get(name, "")[:20]) for name in FILTERS]
    return {
        "form": form,
        "search": search,
        "people": colleagues_of(request.db, request.signed_in.restaurant_id),
        # Named by changes that this manager may see, not by a number in an address.
        "about": page.changes[0].account if search.account_id and page.changes else None,
        "page": page,
        "changes": [(change, fact_changes(request, change)) for change in page.changes],
        "acts": ACTS,
        "subjects": SUBJECTS,
        "query": [(name, value) for name, value in known if value],
    }


def _search(request: SignedInRequest, form: TrailForm) -> Search:
    """Return what is asked for; a restaurant's manager sees its changes only."""
    subject = request.GET.get("quoi")
    since, until = (None if field.errors else field.data for field in (form.du, form.au))
    return Search(
        request.signed_in.restaurant_id,
        chosen_row(request, "qui") or None,
        chosen_row(request, "sur") or None,
        subject if subject in SUBJECTS else None,
        _midnight(since) if since else None,
        _midnight(until + timedelta(days=1)) if until else None,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS)
