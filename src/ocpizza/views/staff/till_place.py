"""UC1.2 at the counter: the order is placed, or given up."""

from pyramid.view import view_config

from ocpizza.contexts import BegunOrder, StaffOrder
from ocpizza.domain.checkout import OrderRefused
from ocpizza.forms.till import TillForm
from ocpizza.i18n import _
from ocpizza.models.payment import Means
from ocpizza.request import Answer, SignedInRequest
from ocpizza.services.basket.basket import forget_basket
from ocpizza.services.basket.begun import keep_typed
from ocpizza.services.checkout.for_customer import (
    place_for_customer,
)
from ocpizza.services.checkout.place import Checkout
from ocpizza.services.settlement.receive_payment import may_be_paid
from ocpizza.views.answers import ask_again, go_to, go_to_staff_order, say
from ocpizza.views.checkout.refusals import refuse
from ocpizza.views.staff.till_page import MAY, PAGE, page_of, shop_of, to_order
from ocpizza.views.staff.till_refusals import explain_to_colleague

# Who is called by nothing but the number of their order.
ANYBODY = _("Client au comptoir")


@view_config(route_name="till_place", request_method="POST", **PAGE)
def place(context: BegunOrder, request: SignedInRequest) -> Answer:
    shop, basket = shop_of(context, request), context.basket
    form = TillForm(request.POST, shop.point)
    # Sent again, it is of an order that is placed already.
    current = basket is not None and basket.checkout_key == form.key.data
    if basket is not None and current:
        keep_typed(basket, form.typed(), request.now)
    if not form.validate():
        return ask_again(request, page_of(context, request, shop, form=form))
    if basket is not None and current:
        details = form.details().to_json()
        details["contact_name"] = details["contact_name"] or request.localizer.translate(ANYBODY)
        keep_typed(basket, form.typed() | details, request.now)
    means, source = Means(form.means.data), form.wished_source
    checkout = Checkout(
        form.key.data or "",
        means,
        form.total.data or 0,
        source=source,
        of_age=form.of_age.data,
    )
    who = request.signed_in.author
    try:
        order = place_for_customer(request.db, context.token, checkout, request.now, who)
    except OrderRefused as refused:
        # Redirect first: nothing may be rendered while stock is locked.
        refuse(request, refused)
        say(request, explain_to_colleague(refused), "error")
        if basket is not None and current:
            keep_typed(basket, form.typed(), request.now)
        return to_order(context, request)
    if "encaisser" in request.POST and may_be_paid(order):
        return go_to(request, "till_payment", code=context.restaurant.code, number=order.number)
    return go_to_staff_order(StaffOrder(context.restaurant, order), request)


@view_config(route_name="till_give_up", request_method="POST", **MAY)
def give_up(context: BegunOrder, request: SignedInRequest) -> Answer:
    if context.basket is not None:
        forget_basket(request.db, context.basket)
    return go_to(request, "till", code=context.restaurant.code)
