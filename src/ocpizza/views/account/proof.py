"""C12: prove again who one is before what opens an account to somebody else may be done."""

from collections.abc import Callable
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.view import view_config

from ocpizza.forms.account import ProofForm
from ocpizza.i18n import _
from ocpizza.models.account import Account
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.security.policy import freshly_proved, note_proof
from ocpizza.services.account.sign_in_ways import sign_in_ways
from ocpizza.views.account.sign_in_attempts import confirmed_by_password
from ocpizza.views.answers import ask_again, say
from ocpizza.views.kept_forms import NOT_LOST, keep_refused, resumed_path
from ocpizza.views.return_path import FIELD, return_path, return_query

PROOF = {
    "route_name": "account_proof",
    "renderer": "account/proof.jinja2",
    "permission": Permission.ACCOUNT,
}

View = Callable[[Any, Request], Answer]


def after_proof(page: str) -> Callable[[View], View]:
    """Return a decorator of views that nobody uses without a proof of the last ten minutes.

    Without one, the answer leads to where it is given, and from there to `page`, a route about the
    same.
    """

    def decorate(view: View) -> View:
        def view_after_proof(context: Any, request: Request) -> Answer:
            if freshly_proved(request):
                return view(context, request)
            say(request, _("Par sécurité, confirmez d’abord que c’est bien vous."))
            kept = keep_refused(request)
            if kept:
                say(request, NOT_LOST)
            back = kept.path if kept else resumed_path(request)
            query = {FIELD: back or request.route_path(page, **request.matchdict)}
            return HTTPSeeOther(request.route_path("account_proof", _query=query))

        return view_after_proof

    return decorate


@view_config(**PROOF, request_method="GET")
def ask(context: Account, request: Request) -> Answer:
    return _page(request, context, ProofForm())


@view_config(**PROOF, request_method="POST")
def prove(context: Account, request: Request) -> Answer:
    form = ProofForm(request.POST)
    if not context.password_hash or not form.validate():
        return ask_again(request, _page(request, context, form))
    account = confirmed_by_password(request, context, form, form.current)
    if account is None:
        return ask_again(request, _page(request, context, form))
    note_proof(request)
    return HTTPSeeOther(return_path(request) or request.route_path("account"))


def _page(request: Request, account: Account, form: ProofForm) -> dict[str, Any]:
    linked = {identity.provider for identity in sign_in_ways(request.db, account).identities}
    return {
        "form": form,
        "has_password": bool(account.password_hash),
        "linked": [each for each in request.providers if each.name in linked],
        "next": return_path(request),
        "query": return_query(request),
    }
