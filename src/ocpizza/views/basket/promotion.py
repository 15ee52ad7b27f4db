"""UC3.2: obtain a promotion in the basket by its code or from the offers, give it up again."""

from collections.abc import Mapping, Sequence
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.view import view_config

from ocpizza.domain.promotion import Ineligibility
from ocpizza.forms.basket import PromotionCodeForm
from ocpizza.i18n import _
from ocpizza.models.basket import Basket
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.services.basket.lines import BasketFull
from ocpizza.services.basket.promotion import (
    BenefitUnavailable,
    PromotionRefused,
    UnknownCode,
    apply_promotion,
    remove_promotion,
)
from ocpizza.services.rate_limits import TooManyUses, Use, code_tried_by, count_uses, forgive_uses
from ocpizza.views.answers import ask_again, go_to, say, too_many_tries
from ocpizza.views.basket.basket import basket_page
from ocpizza.views.promotion_words import WHY_NOT, why_not

SIGN_IN = _("Connectez-vous pour profiter de vos promotions")
UNKNOWN = _("Le code « ${code} » n’existe pas. Vérifiez-le et recommencez.")
UNAVAILABLE = _("Le produit offert par la promotion ${code} est indisponible ici aujourd’hui.")
FULL = _("Votre panier est plein : le produit offert n’y tient plus.")
FOR_CUSTOMERS = _("Les promotions sont réservées aux comptes clients.")


@view_config(
    route_name="promotion_apply",
    request_method="POST",
    renderer="basket/basket.jinja2",
    permission=Permission.SHOP,
)
def apply(request: Request) -> Answer:
    basket = request.basket
    if basket is None or not basket.lines or basket.changes_order_id:
        return go_to(request, "basket")
    form = PromotionCodeForm(request.POST)
    if not form.validate():
        return _refuse(request, form)
    if request.signed_in is None:
        return _sign_in_first(request, form.code.data)
    if request.customer is None:
        return _refuse(request, form, FOR_CUSTOMERS)
    code, who = form.code.data, request.signed_in.account_id
    tried = code_tried_by(request.remote_addr, who)
    if refusals := obtain_promotion(request, basket, code, who, tried):
        return _refuse(request, form, *refusals)
    return go_to(request, "basket")


@view_config(route_name="promotion_remove", request_method="POST", permission=Permission.SHOP)
def remove(request: Request) -> Answer:
    if request.basket is not None and not request.basket.changes_order_id:
        remove_promotion(request.basket, request.now)
        say(request, _("La promotion est retirée de votre panier."))
    return go_to(request, "basket")


def obtain_promotion(
    request: Request,
    basket: Basket,
    code: str,
    customer_id: int | None,
    tried: Sequence[Use],
    *,
    full: str = FULL,
    words: Mapping[Ineligibility, str] = WHY_NOT,
) -> list[str]:
    """Put the promotion of a code in a basket; return why it is not there, if it is refused.

    `customer_id` is whom it is for, `tried` what a try counts for.
    """
    try:
        count_uses(request.db, tried, request.now)
        apply_promotion(request.db, basket, code, customer_id, request.now)
    except TooManyUses as refused:
        return [too_many_tries(request, refused)]
    except UnknownCode:
        return [_(str(UNKNOWN), mapping={"code": code})]
    except PromotionRefused as refused:
        return list(why_not(refused.verdict, words))
    except BenefitUnavailable:
        return [_(str(UNAVAILABLE), mapping={"code": code})]
    except BasketFull:
        return [full]
    forgive_uses(request.db, tried, request.now)
    say(request, _("Promotion ${code} appliquée.", mapping={"code": code}), "success")
    return []


def _sign_in_first(request: Request, code: str) -> HTTPSeeOther:
    """To the sign-in page, and back to the basket with the code still typed."""
    say(request, SIGN_IN)
    back = request.route_path("basket", _query={"code": code})
    return HTTPSeeOther(request.route_path("sign_in", _query={"suite": back}))


def _refuse(request: Request, form: PromotionCodeForm, *errors: str) -> dict[str, Any]:
    form.code.errors = [*form.code.errors, *errors]
    return ask_again(request, basket_page(request, form))
