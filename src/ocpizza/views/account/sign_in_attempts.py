"""Ask for a password, as often as the limits allow; too often is answered with 429."""

from math import ceil
from typing import TYPE_CHECKING

from wtforms import Field

from ocpizza.domain.client_address import network_of
from ocpizza.domain.passwords import verify_password
from ocpizza.forms.base import BaseForm
from ocpizza.i18n import _
from ocpizza.models.account import Account
from ocpizza.security.hashing import RETRY_SECONDS, HashingBusy
from ocpizza.security_log import Action, Result, tell
from ocpizza.services.account.sign_in_attempts import TooManyAttempts, begin_attempt, end_attempt
from ocpizza.views.answers import TOO_MANY

if TYPE_CHECKING:
    from ocpizza.request import Request


def opened_account(request: "Request", identifier: str, password: str) -> Account | None:
    """Return the account that this opens, locked, or None. Raises TooManyAttempts and HashingBusy.

    The try is counted for good before the password is checked; rows that were loaded before are
    to be loaded again.
    """
    address = network_of(request.remote_addr)
    with request.hashing_place():
        try:
            attempt = begin_attempt(request.db, identifier, address, request.now)
        except TooManyAttempts:
            tell(Action.PASSWORD_CHECK, Result.LIMITED)
            raise
        request.commit_now()
        right = verify_password(attempt.password_hash, password)
    account = end_attempt(request.db, attempt, right=right)
    if account is None:
        # Whose password it would have been; an identifier could be a password typed too early.
        tell(Action.PASSWORD_CHECK, Result.FAILED, account=attempt.account_id)
    return account


def confirmed_by_password(
    request: "Request", account: Account, form: BaseForm, field: Field
) -> Account | None:
    """The same for somebody signed in, who is asked for their password again in a form's `field`.

    Where the answer is None the form says why.
    """
    name = account.email or account.identifier or ""
    try:
        found = opened_account(request, name, field.data)
    except TooManyAttempts as refused:
        form.form_errors = [too_many(request, refused)]
        return None
    except HashingBusy:
        form.form_errors = [too_busy(request)]
        return None
    if found is None:
        field.errors = [_("Ce n’est pas votre mot de passe actuel.")]
    return found


def too_busy(request: "Request") -> str:
    """Return what to say to somebody whose password is not looked at now; nothing was counted."""
    request.response.status_int = 503
    request.response.retry_after = RETRY_SECONDS
    return _("Beaucoup de monde se connecte en ce moment : réessayez dans un instant.")


def too_many(request: "Request", refused: TooManyAttempts) -> str:
    """Return what to say; the answer gets its status and says when to try again."""
    seconds = max(1, ceil((refused.free_at - request.now).total_seconds()))
    request.response.status_int = TOO_MANY
    request.response.headers["Retry-After"] = str(seconds)
    return _(
        "Trop d’essais : réessayez dans ${minutes} min, ou choisissez un nouveau mot de passe avec "
        "« Mot de passe oublié ».",
        mapping={"minutes": ceil(seconds / 60)},
    )
