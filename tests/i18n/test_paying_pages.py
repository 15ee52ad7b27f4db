"""Paying online and giving money back: no page says anything that is not translated."""

import re

import pytest

from i18n.crawl import answers, pages
from i18n.veil import bare, data_of, veiled
from local_stripe_server import DECLINED
from ocpizza.models.order_status import Status
from payments.till import gateway, stripe
from views.pages import soup
from views.paying import check_out, come_back, keys, pay
from views.website import HERE

__all__ = ["gateway", "keys", "stripe"]
REFUND = "/equipe/{code}/commandes/{number}/remboursement"


@pytest.fixture
def left(website):
    """What of a page can be read although English is unreadable."""
    with veiled(website.application):
        yield lambda page: _left(website, page)


def _left(website, page) -> list[str]:
    with website.session() as session:
        return bare(page.text, data_of(session, "?", "x" * 600, "D Secure", "JavaScript"))


@pytest.mark.parametrize("card", [(), (DECLINED,)])
def test_paying_by_card_is_translated(website, browser, stripe, left, card):
    browser.set_cookie("langue", "en")
    page = check_out(browser)
    assert left(page) == []
    pay(stripe, page, *card)
    back = come_back(page).maybe_follow()
    assert [text for each in (back, *answers(back)) for text in left(each)] == []


def test_giving_money_back_is_translated(website, left):
    order = website.order(Status.DELIVERED)
    manager = website.staff("manager")
    manager.set_cookie("langue", "en")
    path = REFUND.format(code=HERE, number=order.number)
    for page in pages(manager, website.application, path, path.removesuffix("/remboursement")):
        assert [text for each in (page, *answers(page)) for text in left(each)] == []


def test_the_change_to_give_is_translated(website, left):
    order = website.order(Status.OUT_FOR_DELIVERY)
    manager = website.staff("manager")
    manager.set_cookie("langue", "en")
    step = {"before": "out_for_delivery", "after": "delivered", "means": "cash"}
    path = f"/equipe/{HERE}/commandes/{order.number}/statut"
    for tendered, sums in {"10.5": "€10.50 €1.50", "20": "€8.00"}.items():
        page = manager.post_form(path, step | {"tendered": tendered}).maybe_follow()
        assert left(page) == []
        said = " ".join(notice.get_text() for notice in soup(page).select(".notice"))
        assert " ".join(re.findall(r"€[\d.]+\d", said)) == sums
