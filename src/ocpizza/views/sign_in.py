"""C11: sign in by identifier and password, sign out."""

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.view import view_config

from ocpizza.forms.shop import SignInForm
from ocpizza.i18n import _
from ocpizza.operations.demo_data import PASSWORD, demo_sign_ins
from ocpizza.security.permissions import Permission
from ocpizza.security.policy import forget, remember
from ocpizza.services.check_password import check_password
from ocpizza.views.answers import go_to, say

SIGN_IN = {"route_name": "sign_in", "renderer": "shop/sign_in.jinja2"}


@view_config(**SIGN_IN, request_method="GET", permission=Permission.SHOP)
def ask(request):
    return _page(request, SignInForm())


@view_config(**SIGN_IN, request_method="POST", permission=Permission.SHOP)
def sign_in(request):
    form = SignInForm(request.POST)
    if form.validate():
        account = check_password(request.db, form.identifier.data, form.password.data)
        if account is not None:
            remember(request, account)
            say(request, _("Connecté"), "success")
            first_page = request.route_path("staff" if account.employee else "home")
            return HTTPSeeOther(_next(request) or first_page)
    if form.identifier.data and form.password.data:
        form.form_errors = [_("Les informations saisies sont erronées")]
    else:
        form.form_errors = [_("Les informations saisies sont incomplètes")]
    request.response.status_int = 422
    return _page(request, form)


@view_config(route_name="sign_out", request_method="POST", permission=Permission.SHOP)
def sign_out(request):
    forget(request)
    say(request, _("Vous êtes déconnecté."))
    return go_to(request, "home")


def _page(request, form):
    demo = request.registry.settings["demo.staff_page"]
    return {
        "form": form,
        "next": _next(request),
        "demo_staff": demo_sign_ins() if demo else (),
        "demo_password": PASSWORD,
    }


def _next(request) -> str | None:
    """A page of ours to go on to; anything else would be an open redirect."""
    path = request.params.get("suite", "")
    ours = path.startswith(("/equipe", "/panier")) and "//" not in path and "\\" not in path
    return path if ours and path.isprintable() and path.isascii() else None
