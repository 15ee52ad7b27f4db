"""C12: sign in with Google or Facebook, or link them: there by a post, back by a redirect."""

import hmac
from collections.abc import Callable
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.view import view_config

from ocpizza.domain.identity import Challenge, IdentityClaims
from ocpizza.i18n import _
from ocpizza.identity.provider import IdentityError, Provider, ProviderDown
from ocpizza.models.account import Account
from ocpizza.models.sign_in import ProviderVisit
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.security.policy import note_proof
from ocpizza.security_log import Action, Result, tell
from ocpizza.services.account.identity import JoinRefused, MustLink, find_identity, join_identity
from ocpizza.services.account.provider_visit import send_to_provider, take_back
from ocpizza.services.account.sign_in_ways import LinkedElsewhere, link_identity
from ocpizza.views.account.proof import after_proof
from ocpizza.views.account.provider_messages import elsewhere, explain_provider, not_linked, stale
from ocpizza.views.account.sign_in import let_in
from ocpizza.views.answers import go_to, say
from ocpizza.views.return_path import FIELD, return_path

# Which visit to a provider this browser is back from.
STATE = "provider_state"
Act = Callable[[Request, Provider, ProviderVisit, IdentityClaims], HTTPSeeOther]


@view_config(route_name="provider_sign_in", request_method="POST", permission=Permission.SHOP)
def go_and_sign_in(request: Request) -> Answer:
    return _go(request, "sign_in", next_path=return_path(request))


@view_config(
    route_name="account_link",
    request_method="POST",
    permission=Permission.ACCOUNT,
    decorator=after_proof("account_sign_in_ways"),
)
def go_and_link(context: Account, request: Request) -> Answer:
    return _go(request, "account_sign_in_ways", account_id=context.id)


@view_config(
    route_name="account_proof_provider", request_method="POST", permission=Permission.ACCOUNT
)
def go_and_prove(context: Account, request: Request) -> Answer:
    # A visit of somebody signed in that leads on to a page proves who they are.
    path = return_path(request) or request.route_path("account")
    return _go(request, "account_proof", account_id=context.id, next_path=path)


@view_config(route_name="provider_return", request_method="GET", permission=Permission.SHOP)
def come_back(request: Request) -> Answer:
    provider, answer = _provider(request), _answer(request)
    visit, challenge = _take_back(request, provider, answer)
    if visit is None or challenge is None:
        return _stale(request)
    # The visit is used up whatever follows, and nothing is locked while the provider is asked.
    request.commit_now()
    try:
        claims = provider.identify(answer, challenge, _return_url(request, provider))
    except IdentityError as error:
        action = Action.WAY_LINKED if visit.account_id else Action.SIGN_IN
        tell(action, Result.FAILED, provider=provider.name)
        say(request, explain_provider(provider, error), "error")
        return _back_to_start(request, visit)
    return _act_of(visit)(request, provider, visit, claims)


def _act_of(visit: ProviderVisit) -> Act:
    """Return what a visit was for."""
    if not visit.account_id:
        return _sign_in
    return _prove if visit.next_path else _link


def _go(request: Request, page: str, **kept: Any) -> HTTPSeeOther:
    provider = _provider(request)
    challenge = send_to_provider(request.db, provider.name, request.now, **kept)
    try:
        url = provider.authorization_url(challenge, _return_url(request, provider))
    except ProviderDown as error:
        say(request, explain_provider(provider, error), "error")
        return go_to(request, page)
    request.session[STATE] = challenge.state
    return HTTPSeeOther(url)


def _take_back(
    request: Request, provider: Provider, answer: dict[str, str]
) -> tuple[ProviderVisit, Challenge] | tuple[None, None]:
    """Return the visit that this browser, and no other, is back from.

    (None, None) for anything else.
    """
    kept, said = request.session.get(STATE, ""), answer.get("state", "")
    if not kept or not hmac.compare_digest(kept.encode(), said.encode()):
        return None, None
    del request.session[STATE]
    visit = take_back(request.db, provider.name, kept, request.now)
    return (visit, Challenge(kept, visit.code_verifier)) if visit else (None, None)


def _sign_in(
    request: Request, provider: Provider, visit: ProviderVisit, claims: IdentityClaims
) -> HTTPSeeOther:
    try:
        account = join_identity(request.db, claims, request.now, request.locale_name)
    except JoinRefused as refused:
        tell(Action.SIGN_IN, Result.REFUSED, provider=provider.name)
        say(request, explain_provider(provider, refused), "error")
        if isinstance(refused, MustLink):
            query = {FIELD: request.route_path("account_sign_in_ways")}
            return HTTPSeeOther(request.route_path("sign_in", _query=query))
        return _back_to_start(request, visit)
    made = account.created_at == request.now
    return let_in(request, account, visit.next_path, made=made)


def _prove(
    request: Request, provider: Provider, visit: ProviderVisit, claims: IdentityClaims
) -> HTTPSeeOther:
    if not _is_back(request, visit):
        return _stale(request)
    known = find_identity(request.db, claims)
    if known is None or known.account_id != visit.account_id:
        say(request, not_linked(provider), "error")
        query = {FIELD: visit.next_path}
        return HTTPSeeOther(request.route_path("account_proof", _query=query))
    note_proof(request)
    return HTTPSeeOther(visit.next_path or request.route_path("account"))


def _is_back(request: Request, visit: ProviderVisit) -> bool:
    """Return whether who comes back is still signed in to the account that the visit was for."""
    return request.signed_in is not None and request.signed_in.account_id == visit.account_id


def _stale(request: Request) -> HTTPSeeOther:
    say(request, stale(), "error")
    return go_to(request, "sign_in")


def _link(
    request: Request, provider: Provider, visit: ProviderVisit, claims: IdentityClaims
) -> HTTPSeeOther:
    if visit.account_id is None or not _is_back(request, visit):
        return _stale(request)
    try:
        link_identity(request.db, visit.account_id, claims, request.now)
    except LinkedElsewhere:
        tell(Action.WAY_LINKED, Result.REFUSED, provider=provider.name)
        say(request, elsewhere(provider), "error")
    else:
        mapping = {"provider": provider.title}
        text = _("Vous pouvez maintenant vous connecter avec ${provider}.", mapping=mapping)
        say(request, text, "success")
    return go_to(request, "account_sign_in_ways")


def _back_to_start(request: Request, visit: ProviderVisit) -> HTTPSeeOther:
    if visit.account_id:
        return go_to(request, "account_sign_in_ways")
    query = {FIELD: visit.next_path} if visit.next_path else {}
    return HTTPSeeOther(request.route_path("sign_in", _query=query))


def _provider(request: Request) -> Provider:
    providers: dict[str, Provider] = request.registry["identity_providers"]
    return providers[request.matchdict["provider"]]


def _answer(request: Request) -> dict[str, str]:
    """Return the query; a parameter given twice is none (which of the two would be believed?)."""
    return {
        name: value for name, value in request.GET.items() if len(request.GET.getall(name)) == 1
    }


def _return_url(request: Request, provider: Provider) -> str:
    """Return where the provider sends people back to: by the settings, never by the Host header."""
    site: str = request.registry.settings["site.url"].rstrip("/")
    return site + request.route_path("provider_return", provider=provider.name)
