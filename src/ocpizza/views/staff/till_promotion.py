"""UC3.2 at the till: a promotion of whoever calls, by its code or from what they may have."""

from pyramid.view import view_config
from webob.multidict import MultiDict

from ocpizza.contexts import BegunOrder
from ocpizza.forms.basket import PromotionCodeForm
from ocpizza.i18n import _
from ocpizza.models.basket import Basket
from ocpizza.request import Answer, SignedInRequest
from ocpizza.services.basket.begun import keep_typed
from ocpizza.services.basket.promotion import remove_promotion
from ocpizza.services.catalogue.storefront import Storefront
from ocpizza.services.rate_limits import code_tried_by
from ocpizza.views.answers import first_error, say
from ocpizza.views.basket.promotion import obtain_promotion
from ocpizza.views.staff.till_page import FULL, PAGE, Answers, changed, keep_page, shop_of, to_order
from ocpizza.views.staff.till_refusals import WHY_NOT_HERE


@view_config(route_name="till_promotion", request_method="POST", **PAGE)
def choose_promotion(context: BegunOrder, request: SignedInRequest) -> Answer:
    """Take the one whose code was typed or whose button was pressed, or take it off again."""
    shop = shop_of(context, request)
    _form, basket = keep_page(context, request, shop)
    if "retirer" in request.POST:
        remove_promotion(basket, request.now)
        say(request, _("La promotion est retirée de la commande."))
        return changed(context, request, shop, basket)
    code = request.POST.get("offre") or request.POST.get("code", "")
    return take_code(context, request, shop, basket, code)


def take_code(
    context: BegunOrder, request: SignedInRequest, shop: Storefront, basket: Basket, code: str
) -> Answer:
    """Put the promotion of this code in an order, and say so or why not."""
    chosen = PromotionCodeForm(MultiDict(code=code))
    if not chosen.validate():
        say(request, first_error(chosen), "error")
    elif basket.lines and _apply(request, basket, chosen.code.data):
        return changed(context, request, shop, basket, Answers(placing=True))
    # Redirect first: what a refusal sets of its answer is another's.
    return to_order(context, request)


def _apply(request: SignedInRequest, basket: Basket, code: str) -> bool:
    tried = code_tried_by(request.remote_addr, request.signed_in.account_id)
    refusals = obtain_promotion(
        request, basket, code, basket.customer_id, tried, full=FULL, words=WHY_NOT_HERE
    )
    for refusal in refusals:
        say(request, refusal, "error")
    if not refusals:
        keep_typed(basket, basket.details | {"code": ""}, request.now)
    return not refusals
