"""C12: sign in with Google or Facebook, or link them: there by a post, back by a redirect."""

import hmac

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.view import view_config

from ocpizza.domain.identity import Challenge
from ocpizza.i18n import _
from ocpizza.identity.provider import IdentityError, ProviderDown
from ocpizza.security.permissions import Permission
from ocpizza.security.policy import note_proof
from ocpizza.security_log import Action, Result, tell
from ocpizza.services.join_identity import JoinRefused, MustLink, find_identity, join_identity
from ocpizza.services.link_identity import LinkedElsewhere, link_identity
from ocpizza.services.visit_provider import send_to_provider, take_back
from ocpizza.views.account.proof import after_proof
from ocpizza.views.account.provider_messages import elsewhere, explain, not_linked, stale
from ocpizza.views.answers import go_to, say
from ocpizza.views.return_path import FIELD, return_path
from ocpizza.views.sign_in import let_in

# Which visit to a provider this browser is back from.
STATE = "provider_state"


@view_config(route_name="provider_sign_in", request_method="POST", permission=Permission.SHOP)
def go_and_sign_in(request):
    return _go(request, "sign_in", next_path=return_path(request))


@view_config(
    route_name="account_link",
    request_method="POST",
    permission=Permission.ACCOUNT,
    decorator=after_proof("account_sign_in_ways"),
)
def go_and_link(context, request):
    return _go(request, "account_sign_in_ways", account_id=context.id)


@view_config(
    route_name="account_proof_provider", request_method="POST", permission=Permission.ACCOUNT
)
def go_and_prove(context, request):
    # A visit of somebody signed in that leads on to a page proves who they are.
    path = return_path(request) or request.route_path("account")
    return _go(request, "account_proof", account_id=context.id, next_path=path)


@view_config(route_name="provider_return", request_method="GET", permission=Permission.SHOP)
def come_back(request):
    provider, answer = _provider(request), _answer(request)
    visit, challenge = _take_back(request, provider, answer)
    if visit is None:
        return _stale(request)
    # The visit is used up whatever follows, and nothing is locked while the provider is asked.
    request.commit_now()
    try:
        told = provider.identify(answer, challenge, _return_url(request, provider))
    except IdentityError as error:
        action = Action.WAY_LINKED if visit.account_id else Action.SIGN_IN
        tell(action, Result.FAILED, provider=provider.name)
        say(request, explain(provider, error), "error")
        return _back_to_start(request, visit)
    return _act_of(visit)(request, provider, visit, told)


def _act_of(visit):
    """What a visit was for."""
    if not visit.account_id:
        return _sign_in
    return _prove if visit.next_path else _link


def _go(request, page, **kept):
    provider = _provider(request)
    challenge = send_to_provider(request.db, provider.name, request.now, **kept)
    try:
        url = provider.authorization_url(challenge, _return_url(request, provider))
    except ProviderDown as error:
        say(request, explain(provider, error), "error")
        return go_to(request, page)
    request.session[STATE] = challenge.state
    return HTTPSeeOther(url)


def _take_back(request, provider, answer):
    """The visit that this browser, and no other, is back from; (None, None) for anything else."""
    kept, said = request.session.get(STATE, ""), answer.get("state", "")
    if not kept or not hmac.compare_digest(kept.encode(), said.encode()):
        return None, None
    del request.session[STATE]
    visit = take_back(request.db, provider.name, kept, request.now)
    return visit, Challenge(kept, visit.code_verifier) if visit else None


def _sign_in(request, provider, visit, told):
    try:
        account = join_identity(request.db, told, request.now, request.locale_name)
    except JoinRefused as refused:
        tell(Action.SIGN_IN, Result.REFUSED, provider=provider.name)
        say(request, explain(provider, refused), "error")
        if isinstance(refused, MustLink):
            query = {FIELD: request.route_path("account_sign_in_ways")}
            return HTTPSeeOther(request.route_path("sign_in", _query=query))
        return _back_to_start(request, visit)
    made = account.created_at == request.now
    return let_in(request, account, visit.next_path, made=made)


def _prove(request, provider, visit, told):
    if not _is_back(request, visit):
        return _stale(request)
    known = find_identity(request.db, told)
    if known is None or known.account_id != visit.account_id:
        say(request, not_linked(provider), "error")
        query = {FIELD: visit.next_path}
        return HTTPSeeOther(request.route_path("account_proof", _query=query))
    note_proof(request)
    return HTTPSeeOther(visit.next_path)


def _is_back(request, visit) -> bool:
    """Whether who comes back is still signed in to the account that the visit was for."""
    return request.signed_in is not None and request.signed_in.account_id == visit.account_id


def _stale(request):
    say(request, stale(), "error")
    return go_to(request, "sign_in")


def _link(request, provider, visit, told):
    if not _is_back(request, visit):
        return _stale(request)
    try:
        link_identity(request.db, visit.account_id, told, request.now)
    except LinkedElsewhere:
        tell(Action.WAY_LINKED, Result.REFUSED, provider=provider.name)
        say(request, elsewhere(provider), "error")
    else:
        mapping = {"provider": provider.title}
        text = _("Vous pouvez maintenant vous connecter avec ${provider}.", mapping=mapping)
        say(request, text, "success")
    return go_to(request, "account_sign_in_ways")


def _back_to_start(request, visit):
    if visit.account_id:
        return go_to(request, "account_sign_in_ways")
    query = {FIELD: visit.next_path} if visit.next_path else {}
    return HTTPSeeOther(request.route_path("sign_in", _query=query))


def _provider(request):
    return request.registry["identity_providers"][request.matchdict["provider"]]


def _answer(request) -> dict[str, str]:
    """The query; a parameter given twice is none (which of the two would be believed?)."""
    return {
        name: value for name, value in request.GET.items() if len(request.GET.getall(name)) == 1
    }


def _return_url(request, provider) -> str:
    """Where the provider sends people back to: by the settings, never by the Host header."""
    site = request.registry.settings["site.url"].rstrip("/")
    return site + request.route_path("provider_return", provider=provider.name)
