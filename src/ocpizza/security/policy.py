"""The security policy: identity from the session, rights from the permission map."""

from dataclasses import dataclass

from pyramid.config import Configurator
from pyramid.security import Allowed, Denied

from ocpizza.domain.author import Author
from ocpizza.domain.session_limits import limits_of
from ocpizza.i18n import _
from ocpizza.i18n.catalogues import LANGUAGES
from ocpizza.i18n.negotiation import keep_language
from ocpizza.models.account import Account, Role
from ocpizza.request import Request
from ocpizza.security.permission_map import EVERYONE, PERMISSION_MAP
from ocpizza.security.permissions import Permission
from ocpizza.security.polls import RELOADED, asks_by_itself
from ocpizza.security.sessions import BASKET, DESTINATION, ORDER, SET_ASIDE
from ocpizza.security.staff_idle import staff_idle
from ocpizza.security_log import Action, Result, tell
from ocpizza.services.account.edit import mark_active
from ocpizza.services.account.half_sign_in import begin_half_sign_in, end_half_sign_in
from ocpizza.services.account.sign_in_sessions import (
    begin_session,
    end_session,
    find_session,
    note_activity,
)
from ocpizza.services.basket.basket import renew_token
from ocpizza.transactions import only_reads

SIGN_IN, SIGNED_IN_AT = "sign_in", "signed_in_at"
# A sign-in whose second factor is awaited: it signs nobody in.
HALF = "half_sign_in"
MADE = "made_account"
BASKETS = (BASKET, SET_ASIDE)
PROVED_AT = "proved_at"
# How long a sign-in, or a password or provider asked for again, still proves who is there.
FRESH_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody signed in; `restaurant_id` is None for customers and the group's managers."""

    account_id: int
    name: str
    role: Role
    restaurant_id: int | None
    session_version: int
    two_factors: bool = False
    shared: bool | None = None

    @property
    def needs_two_factors(self) -> bool:
        """Return whether they are who manages the group: by a password alone, they are nobody."""
        return self.role is Role.MANAGER and self.restaurant_id is None

    @property
    def is_staff(self) -> bool:
        return self.role is not Role.CUSTOMER

    @property
    def author(self) -> Author:
        """The identity as services record it."""
        return Author(self.account_id, self.role)

    def works_at(self, restaurant_id: int | None) -> bool:
        """A member of staff acts on their own restaurant only, a group manager on all."""
        return self.is_staff and self.restaurant_id in (restaurant_id, None)


class SecurityPolicy:
    """Pyramid's interface to the above."""

    def identity(self, request: Request) -> Identity | None:
        return request.signed_in

    def authenticated_userid(self, request: Request) -> int | None:
        return request.signed_in.account_id if request.signed_in else None

    def permits(self, request: Request, context: object, permission: str) -> Allowed | Denied:
        roles = PERMISSION_MAP[Permission(permission)]
        if roles is EVERYONE:
            return Allowed("open to everyone")
        who = request.signed_in
        if who is None or who.role not in roles:
            return Denied("not a role that may")
        if getattr(context, "of_group", False) and who.restaurant_id is not None:
            return Denied("for the group's managers")
        restaurant_id = getattr(context, "restaurant_id", None)
        if restaurant_id is not None and not who.works_at(restaurant_id):
            return Denied("another restaurant")
        return Allowed("by role")


def remember(
    request: Request,
    account: Account,
    *,
    made: bool = False,
    two_factors: bool = False,
    shared: bool | None = None,
) -> None:
    """Sign somebody in, in their language: a new session (fixation).

    Only the baskets go on, and where to; under new tokens: whoever planted or saw the old cookie
    finds nothing by it. `made` notes that this session made the account, `two_factors` that both
    were shown; whoever has shown them needs not do so again to go on under a new session.
    `shared`: others use the device, too.
    """
    who, placed = request.signed_in, None
    if who is not None and who.account_id == account.id:
        two_factors = two_factors or who.two_factors
        shared = who.shared if shared is None else shared
        placed = request.session.get(ORDER)
    made = made or request.session.get(MADE) == account.id
    _start_afresh(request)
    if placed is not None:
        request.session[ORDER] = placed
    begun = begin_session(request.db, account, request.now, two_factors=two_factors, shared=shared)
    request.session[SIGN_IN] = begun
    request.session[SIGNED_IN_AT] = int(request.now.timestamp())
    if not only_reads(request):
        mark_active(account, request.now)
    if made:
        request.session[MADE] = account.id
    if account.language in LANGUAGES:
        keep_language(request, account.language)


def remember_half(request: Request, account: Account, next_path: str | None) -> None:
    """Have the second factor asked for, with a new cookie: until then nobody is signed in."""
    _start_afresh(request)
    request.session[HALF] = begin_half_sign_in(request.db, account, next_path, request.now)
    if account.language in LANGUAGES:
        keep_language(request, account.language)


def _start_afresh(request: Request) -> None:
    """End the session and begin another one, of which only the baskets go on, and where to."""
    if request.signed_in is None:
        # Of a session that is over, nothing is left to go on.
        request.session.pop(SIGN_IN, None)
    kept = {key: renew_token(request.db, request.session.get(key)) for key in BASKETS}
    kept[DESTINATION] = request.session.get(DESTINATION)
    forget(request)
    request.session.update({key: value for key, value in kept.items() if value is not None})


def freshly_proved(request: Request) -> bool:
    """Whether who is signed in has shown a moment ago, by signing in or again, that it is them."""
    last: int = max(request.session.get(SIGNED_IN_AT, 0), request.session.get(PROVED_AT, 0))
    return request.now.timestamp() - last <= FRESH_SECONDS


def prove_nothing(request: Request) -> None:
    """Have what wants a fresh proof ask for one: four digits are none."""
    request.session[SIGNED_IN_AT] = 0


def note_proof(request: Request) -> None:
    """Note that who is signed in has just shown again that it is them."""
    request.session[PROVED_AT] = int(request.now.timestamp())


def forget(request: Request) -> None:
    """Sign out on this device, and whoever has a copy of its cookie."""
    if session_id := request.session.get(SIGN_IN):
        end_session(request.db, session_id)
    if token := request.session.get(HALF):
        end_half_sign_in(request.db, token)
    request.session.invalidate()


def signed_in(request: Request) -> Identity | None:
    """Return who the session says is asking, if their account is still active and the session not
    over.
    """
    session_id = request.session.get(SIGN_IN)
    if session_id is None:
        return None
    found = find_session(request.db, session_id)
    role = (found.employee_role or Role.CUSTOMER) if found else Role.CUSTOMER
    idle = staff_idle(request.registry.settings)
    limits = limits_of(role, idle, shared=found.shared if found else None)
    if found is None or limits.over(found.started_at, found.last_seen_at, request.now):
        _end(request)
        return None
    name = f"{found.first_name} {found.last_name}".strip()
    who = Identity(
        found.account_id,
        name,
        role,
        found.restaurant_id,
        found.session_version,
        found.two_factors,
        found.shared,
    )
    if who.needs_two_factors and not who.two_factors:
        # Begun before they managed the group, or by the program of before.
        _end(request)
        return None
    if not _asks_by_itself(request) and request.now - found.last_seen_at >= limits.noted_every:
        now = request.now
        request.after_answer(
            lambda session: note_activity(session, session_id, now), one_statement=True
        )
    return who


def _end(request: Request) -> None:
    """Nothing of a session goes on that is over; its device says so on the next page."""
    tell(Action.SESSION_ENDED, Result.REFUSED)
    request.session.invalidate()
    text = _("Votre session est terminée, par sécurité. Connectez-vous de nouveau pour continuer.")
    request.session.flash(["info", request.localizer.translate(text)])


def _asks_by_itself(request: Request) -> bool:
    """Return whether it is a page that asks, not a person: that keeps nobody signed in."""
    route = getattr(request, "matched_route", None)
    return RELOADED in request.query_string or (route is not None and asks_by_itself(route.name))


def customer(request: Request) -> Author | None:
    """Return the customer who is signed in, as the author of their own orders.

    Staff order for others.
    """
    who = request.signed_in
    return who.author if who and not who.is_staff else None


def customer_id(request: Request) -> int | None:
    """Return the account of the customer who is signed in."""
    who = request.signed_in
    return who.account_id if who and not who.is_staff else None


def includeme(config: Configurator) -> None:
    config.set_security_policy(SecurityPolicy())
    config.add_request_method(signed_in, reify=True)
    config.add_request_method(customer, reify=True)
    config.add_request_method(customer_id, reify=True)
    config.set_default_permission(Permission.STAFF_HOME)
