"""C11 at a shared device: whoever has signed in there today takes their place with four digits."""

from pyramid.view import view_config

from ocpizza.domain.passwords import verify_password
from ocpizza.forms.device import QuickSwitchForm
from ocpizza.forms.sign_in import SignInForm
from ocpizza.i18n import _
from ocpizza.models.account import Account
from ocpizza.request import Answer, Request
from ocpizza.security.hashing import HashingBusy
from ocpizza.security.permissions import Permission
from ocpizza.security.policy import prove_nothing, remember
from ocpizza.security_log import Action, Result, tell
from ocpizza.services.account.quick_codes import SwitchRefused, begin_switch, end_switch
from ocpizza.views.account.device import device_secret
from ocpizza.views.account.sign_in import go_in, sign_in_page
from ocpizza.views.account.sign_in_attempts import too_busy
from ocpizza.views.answers import ask_again
from ocpizza.views.return_path import return_path


@view_config(
    route_name="quick_switch",
    request_method="POST",
    renderer="account/sign_in.jinja2",
    permission=Permission.SHOP,
)
def switch(request: Request) -> Answer:
    form = QuickSwitchForm(request.POST)
    if form.validate():
        try:
            account = _taken_place(request, form.account_id, form.digits.data)
        except HashingBusy:
            form.form_errors = [too_busy(request)]
        except SwitchRefused:
            tell(Action.QUICK_SWITCH, Result.FAILED, account=form.account_id)
            text = _("Ce code ne convient pas. Après cinq erreurs, le mot de passe est demandé.")
            form.digits.errors = [text]
        else:
            remember(request, account, shared=True)
            prove_nothing(request)
            return go_in(request, account, return_path(request))
    return ask_again(request, sign_in_page(request, SignInForm(), form))


def _taken_place(request: Request, account_id: int, digits: str) -> Account:
    """Raises SwitchRefused and HashingBusy; the try is counted for good before it is looked at."""
    secret = device_secret(request)
    with request.hashing_place():
        code_hash = begin_switch(request.db, secret, account_id, request.now)
        request.commit_now()
        right = verify_password(code_hash, digits)
    if not right:
        raise SwitchRefused
    return end_switch(request.db, secret, account_id, code_hash, request.now)
