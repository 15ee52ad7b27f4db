"""The security policy: identity from the session, rights from the permission map."""

from dataclasses import dataclass

from pyramid.security import Allowed, Denied
from sqlalchemy import select

from ocpizza.i18n.catalogues import LANGUAGES
from ocpizza.i18n.negotiation import keep_language
from ocpizza.models.account import Account, AccountStatus, Employee, Role
from ocpizza.security.permission_map import EVERYONE, PERMISSION_MAP
from ocpizza.security.permissions import Permission
from ocpizza.services.erase_unused import keep_account
from ocpizza.services.fill_basket import renew_token
from ocpizza.services.write_order import Author
from ocpizza.transactions import only_reads

ACCOUNT, SESSION_VERSION, SIGNED_IN_AT = "account", "session_version", "signed_in_at"
MADE = "made_account"
BASKETS = ("basket", "basket_set_aside")
# How long after a sign-in it still proves who is there, where there is no password to ask for.
FRESH_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody signed in; `restaurant_id` is None for customers and the group's managers."""

    account_id: int
    name: str
    role: Role
    restaurant_id: int | None

    @property
    def is_staff(self) -> bool:
        return self.role is not Role.CUSTOMER

    @property
    def author(self) -> Author:
        """The identity as services record it."""
        return Author(self.account_id, self.role)

    def works_at(self, restaurant_id: int) -> bool:
        """A member of staff acts on his own restaurant only, a group manager on all."""
        return self.is_staff and self.restaurant_id in (restaurant_id, None)


class SecurityPolicy:
    """Pyramid's interface to the above."""

    def identity(self, request):
        return request.signed_in

    def authenticated_userid(self, request):
        return request.signed_in.account_id if request.signed_in else None

    def permits(self, request, context, permission):
        roles = PERMISSION_MAP[Permission(permission)]
        if roles is EVERYONE:
            return Allowed("open to everyone")
        who = request.signed_in
        if who is None or who.role not in roles:
            return Denied("not a role that may")
        restaurant_id = getattr(context, "restaurant_id", None)
        if restaurant_id is not None and not who.works_at(restaurant_id):
            return Denied("another restaurant")
        return Allowed("by role")


def remember(request, account: Account, *, made: bool = False) -> None:
    """Sign somebody in, in their language: a new session (fixation), only the baskets go on.

    Under new tokens: whoever planted or saw the old cookie finds nothing by it. `made` notes that
    this session made the account.
    """
    made = made or (request.session.get(ACCOUNT), request.session.get(MADE)) == 2 * (account.id,)
    baskets = {key: renew_token(request.db, request.session.get(key)) for key in BASKETS}
    request.session.invalidate()
    request.session[ACCOUNT] = account.id
    request.session[SESSION_VERSION] = account.session_version
    request.session[SIGNED_IN_AT] = int(request.now.timestamp())
    if not only_reads(request):
        keep_account(account, request.now)
    request.session.update({key: token for key, token in baskets.items() if token})
    if made:
        request.session[MADE] = account.id
    if account.language in LANGUAGES:
        keep_language(request, account.language)


def freshly_signed_in(request) -> bool:
    """Whether this session began a moment ago."""
    began = request.session.get(SIGNED_IN_AT, 0)
    return request.now.timestamp() - began <= FRESH_SECONDS


def forget(request) -> None:
    """Sign out on this device."""
    request.session.invalidate()


def signed_in(request) -> Identity | None:
    """Who the session says is asking, if his account is still active and the session valid."""
    account_id = request.session.get(ACCOUNT)
    if account_id is None:
        return None
    account = request.db.execute(
        select(Account.first_name, Account.last_name, Employee.role, Employee.restaurant_id)
        .outerjoin(Employee, Employee.account_id == Account.id)
        .where(
            Account.id == account_id,
            Account.status == AccountStatus.ACTIVE,
            Account.session_version == request.session.get(SESSION_VERSION),
        )
    ).one_or_none()
    if account is None:
        return None
    name = f"{account.first_name} {account.last_name}".strip()
    return Identity(account_id, name, account.role or Role.CUSTOMER, account.restaurant_id)


def customer(request) -> Author | None:
    """The customer who is signed in, as the author of his own orders; staff order for others."""
    who = request.signed_in
    return who.author if who and not who.is_staff else None


def includeme(config):
    config.set_security_policy(SecurityPolicy())
    config.add_request_method(signed_in, reify=True)
    config.add_request_method(customer, reify=True)
    config.set_default_permission(Permission.STAFF_HOME)
