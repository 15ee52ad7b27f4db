"""What the law wants to be found easily: who publishes and sells, terms, personal data."""

from collections.abc import Callable
from typing import Any, NamedTuple

from pyramid.view import view_config

from ocpizza.cookie_names import cookie_name
from ocpizza.i18n import _
from ocpizza.i18n.negotiation import COOKIE as LANGUAGE
from ocpizza.legal import left_to_fill_in, legal_facts
from ocpizza.models.account import Role
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.security.policy import Identity
from ocpizza.security.sessions import COOKIE
from ocpizza.services.catalogue.sellers import list_sellers, publisher_of
from ocpizza.settings import Settings
from ocpizza.views.account.device import COOKIE as DEVICE


class Cookie(NamedTuple):
    """A cookie of ours, what for, and the days that it lasts."""

    name: str
    purpose: str
    days: Callable[[dict[str, Any]], int]


# Every cookie that we give has a row here: necessary ones only, so nobody has to be asked.
COOKIES = (
    Cookie(
        COOKIE,
        _(
            "Relie cet appareil à son panier, à la commande qui y a été passée et, si vous êtes "
            "connecté, à votre compte ; protège vos envois contre les sites malveillants. Il ne "
            "contient que des numéros au hasard et, si vous l’avez indiqué, le code postal où "
            "livrer."
        ),
        lambda settings: settings["session.days"],
    ),
    Cookie(LANGUAGE, _("Retient la langue que vous avez choisie."), lambda _settings: 365),
    Cookie(
        DEVICE,
        _(
            "Pour l’équipe : retient jusqu’au lendemain matin qui s’est connecté sur cet appareil. "
            "Il ne contient qu’un numéro au hasard."
        ),
        lambda _settings: 1,
    ),
)
PAGE: dict[str, Any] = {"permission": Permission.SHOP, "shared": True}


@view_config(route_name="terms", renderer="legal/terms.jinja2", **PAGE)
@view_config(route_name="legal_notice", renderer="legal/notice.jinja2", **PAGE)
@view_config(route_name="accessibility", renderer="legal/accessibility.jinja2", **PAGE)
@view_config(route_name="privacy", renderer="legal/privacy.jinja2", **PAGE)
def legal_page(request: Request) -> Answer:
    settings = request.registry.settings
    return {
        "publisher": publisher_of(request.db, settings["legal.publisher"]),
        "sellers": list_sellers(request.db),
        "legal": legal_facts(settings),
        "left_to_fill_in": left_to_fill_in(settings) if _may_fill_in(request.signed_in) else [],
        "cookies": [
            (cookie_name(request, one.name), one.purpose, one.days(settings)) for one in COOKIES
        ],
        "kept": retention_days(settings),
    }


def retention_days(settings: Settings) -> dict[str, int]:
    """Return how many days personal data stay: with an order, with an account that nobody uses."""
    return {"order": settings["privacy.order_days"], "account": settings["privacy.account_days"]}


def _may_fill_in(who: Identity | None) -> bool:
    """Visitors cannot: a gap would only be noise to them."""
    return who is not None and who.role is Role.MANAGER
