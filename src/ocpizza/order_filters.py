"""Filters of templates that speak of an order: pages, mail and boards say the same by them."""

from collections.abc import Callable
from functools import partial

from jinja2 import pass_context
from jinja2.runtime import Context

from ocpizza.amounts import euros
from ocpizza.domain.expectation import expectation_of
from ocpizza.domain.first_name import first_name
from ocpizza.domain.plain_text import greeting_name
from ocpizza.domain.settlement import settlement
from ocpizza.domain.sums import Priced, sums
from ocpizza.i18n.catalogues import LOCALES
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.models.promotion import Promotion
from ocpizza.models.vat import Mode
from ocpizza.order_words import (
    expected_words,
    means_words,
    payment_words,
    payment_words_for_staff,
    state_words,
    step_words,
    sum_words,
)


@pass_context
def state(context: Context, order: Order) -> list[str]:
    """Return where an order stands, then its money, as its customer reads it."""
    return [_say(context)(text) for text in state_words(order.status, settlement(order))]


@pass_context
def expected(context: Context, order: Order) -> str:
    """Return when an order that is under way is to be expected, "" where that is not said."""
    now = context["request"].now
    found = expectation_of(order, now)
    words = expected_words(found, order.status, order.mode, now) if found else ""
    return words and _say(context)(words)


@pass_context
def payment_state(context: Context, order: Order) -> str:
    """Return the sentence about the money of an order, as its customer reads it."""
    return _say(context)(payment_words(settlement(order)))


@pass_context
def payment_for_staff(context: Context, order: Order) -> str:
    """Return the sentence about the money of an order, as the team reads it."""
    return _say(context)(payment_words_for_staff(settlement(order)))


@pass_context
def step(context: Context, status: Status, mode: Mode) -> str:
    """Return a step on the way of an order as its customer reads it."""
    return _say(context)(step_words(status, mode))


@pass_context
def means_for_customer(context: Context, means: Means, mode: Mode) -> str:
    """Return a means of payment as customers choose it."""
    return _say(context)(means_words(means, mode))


@pass_context
def sum_rows(
    context: Context, priced: Priced, mode: Mode, promotion: Promotion | None = None
) -> list[tuple[str, str, str]]:
    """Return (kind, what it is about, amount) from the articles down to the total."""
    money = partial(euros, locale=LOCALES[context["request"].locale_name])
    code = promotion.code if promotion else ""
    return [(row.kind, *sum_words(row, code, _say(context), money)) for row in sums(priced, mode)]


def greeted(order: Order) -> str:
    """Return how to greet whoever ordered, "" where their name cannot be told."""
    return first_name(
        greeting_name(order.contact_name), order.account.first_name if order.account else ""
    )


def _say(context: Context) -> Callable[[str], str]:
    translate: Callable[[str], str] = context["request"].localizer.translate
    return translate


ORDER_FILTERS = {
    "state": state,
    "expected": expected,
    "payment_state": payment_state,
    "payment_for_staff": payment_for_staff,
    "step": step,
    "means_for_customer": means_for_customer,
    "greeted": greeted,
}
