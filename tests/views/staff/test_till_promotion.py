"""UC3.2 at the till: a caller who has an account may have the promotions that they have online."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from factories import make_promotion
from ocpizza.domain.author import Author
from ocpizza.models.account import AccountStatus, Role
from ocpizza.models.order import Order, Source
from ocpizza.models.order_status import Status
from ocpizza.models.promotion import Promotion, PromotionUse
from ocpizza.services.checkout.change import Change, change_order
from ocpizza.services.checkout.review import review_basket
from ocpizza.services.checkout.start_change import start_change
from ocpizza.services.settlement.cancel_paid import cancel_and_give_back
from views.pages import form_of, notices, soup, words
from views.till import TILL, Till, fields_of

OFFER = "button[name=offre]"
ANYTHING = ".till-callers .button:not([name])"


@pytest.fixture(params=[False, True], ids=["without JavaScript", "htmx"])
def till(website, request):
    return Till(website, htmx=request.param)


@pytest.fixture
def promote(website):
    """Makes a promotion, ten percent where nothing else is said."""

    def promote(code="DIX", **values) -> int:
        with website.session() as session:
            return make_promotion(session, code, **values).id

    return promote


@pytest.fixture
def julia(website):
    """Somebody who has ordered here once, signed in; her number ends in 5678."""
    account = website.account("customer")
    website.order(Status.DELIVERED, author=Author(account.id, Role.CUSTOMER), minutes_ago=90)
    return account


def call(till, digits="5678"):
    """Whoever has this number takes it away."""
    till.enter(digits)
    till.press(ANYTHING)
    return till.press(".till-entry button", mode="takeaway")


def told(page) -> str:
    return " ".join(notices(page))


def offered(till) -> list[str]:
    return [words(offer.get_text()) for offer in soup(till.page).select(OFFER)]


def placed(website) -> Order:
    with website.session() as session:
        order = session.scalars(select(Order).order_by(Order.id.desc()).limit(1)).one()
        assert order.revision.lines
        return order


def used(website) -> list[tuple[int, int]]:
    with website.session() as session:
        uses = session.scalars(select(PromotionUse).order_by(PromotionUse.order_id))
        return [(use.account_id, use.discount_cents) for use in uses]


@pytest.mark.parametrize("backend", ["postgresql"])
def test_the_account_of_a_caller_is_locked_before_what_is_ordered_for_them(website, till, julia):
    """Whoever erases it locks it first, too: neither waits for the other in a circle."""
    till.choose("regina")
    call(till)
    with website.counted() as statements:
        till.order()
    locking = [each for each in statements if " FOR " in each]
    first = {
        table: next(at for at, each in enumerate(locking) if each.startswith(f"SELECT {table}."))
        for table in ("account", "basket")
    }
    assert placed(website).source is Source.PHONE
    assert first["account"] < first["basket"], locking


def test_a_known_customer_has_their_offer_in_one_press(website, till, promote, julia, add_up):
    promote(name="Dix pour cent", per_customer_limit=1)
    till.choose("regina")
    full = till.total
    call(till)
    assert offered(till) == ["Dix pour cent"]
    till.press(OFFER)
    assert "Promotion DIX appliquée." in told(till.page)
    assert till.total != full
    assert "Promotion DIX" in words(soup(till.page).select_one(".sums").get_text())
    assert offered(till) == []
    shown = till.total
    till.order()
    order = placed(website)
    assert (order.source, order.account_id) == (Source.PHONE, None)
    assert used(website) == [(julia.id, order.revision.discount_cents)]
    assert f"{order.total_cents / 100:.2f}".replace(".", ",") in shown
    add_up(website.engine)


def test_a_promotion_is_taken_off_again(till, promote, julia):
    promote()
    till.choose("regina")
    full = till.total
    call(till)
    before = till.total
    till.press(OFFER)
    till.press("#sans-promotion")
    assert "La promotion est retirée de la commande." in told(till.page)
    assert till.total == before
    assert full


@pytest.mark.parametrize("press", ["#appliquer", "#valider"])
def test_a_code_is_typed_and_applied_by_its_button_or_by_enter(till, promote, julia, press):
    promote(listed=False)
    till.choose("regina")
    call(till)
    assert offered(till) == []
    till.press(press, code="di x")
    assert "Promotion DIX appliquée." in told(till.page)
    assert soup(till.page).select_one("#sans-promotion")


@pytest.mark.parametrize(
    ("conditions", "why"),
    [
        ({"total_limit": 1, "times_used": 1}, "La promotion DIX est épuisée."),
        ({"first_order_only": True}, "La promotion DIX est réservée à une première commande."),
        ({"minimum_cents": 9000}, "La promotion DIX demande 90,00 € d’achats"),
        ({"active": False}, "La promotion DIX n’est plus proposée."),
    ],
)
def test_a_code_is_refused_in_the_words_of_the_shop_and_stays(
    till, promote, julia, conditions, why
):
    promote(**conditions)
    till.choose("regina")
    call(till)
    assert offered(till) == []
    till.press("#appliquer", code="dix", comment="vite")
    assert why in told(till.page)
    kept = dict(fields_of(till.page))
    assert (kept["code"].upper(), kept["comment"].strip()) == ("DIX", "vite")
    assert soup(till.page).select_one("#sans-promotion") is None


def test_a_code_of_nothing_and_no_code_say_so(till, julia):
    till.choose("regina")
    till.press("#appliquer", code="rien")
    assert "Le code « RIEN » n’existe pas." in told(till.page)
    till.press("#appliquer", code="")
    assert "Saisissez un code." in told(till.page)


def test_who_has_no_account_is_told_to_whom_promotions_are_given(website, till, promote):
    promote()
    website.order(Status.DELIVERED)
    till.choose("regina")
    call(till)
    assert offered(till) == []
    till.press("#appliquer", code="DIX")
    assert "réservée aux clients qui ont un compte" in told(till.page)


def test_an_account_is_known_by_the_number_after_orders_by_telephone(website, till, promote, julia):
    promote()
    website.order(Status.DELIVERED, minutes_ago=10)
    till.choose("regina")
    call(till)
    assert offered(till) == ["Dix"]


def test_an_account_that_ordered_elsewhere_only_is_nobodys_here(website, till, promote):
    promote()
    julia = website.account("customer")
    website.order(Status.DELIVERED, author=Author(julia.id, Role.CUSTOMER), at=website.branch)
    website.order(Status.DELIVERED)
    till.choose("regina")
    call(till)
    assert offered(till) == []


def test_an_account_that_was_closed_has_no_promotions(website, till, promote, julia):
    promote()
    till.choose("regina")
    call(till)
    with website.session() as session:
        session.merge(julia).status = AccountStatus.INACTIVE
    till.press("#appliquer", code="DIX")
    assert "réservée aux clients qui ont un compte" in told(till.page)


def test_another_customer_has_not_the_promotion_of_the_one_before(website, till, promote, julia):
    promote()
    website.order(Status.DELIVERED, phone="+33699990000", contact_name="Bob")
    till.choose("regina")
    call(till)
    till.press(OFFER)
    call(till, "0000")
    assert "réservée aux clients qui ont un compte" in words(till.page)
    assert "Elle n’est pas comptée dans le total." in words(till.page)


def test_another_number_typed_at_the_last_moment_places_nothing(website, till, promote, julia):
    promote()
    till.choose("regina")
    call(till)
    till.press(OFFER)
    till.order(phone="06 99 99 00 00")
    assert "réservée aux clients qui ont un compte" in told(till.page)
    assert "Le nouveau total est de" in told(till.page)
    assert used(website) == []


def test_a_promotion_used_online_meanwhile_is_told_and_nothing_placed(
    website, till, promote, julia
):
    id = promote(per_customer_limit=1)
    till.choose("regina")
    call(till)
    till.press(OFFER)
    with website.session() as session:
        promotion = session.get_one(Promotion, id)
    website.order(author=Author(julia.id, Role.CUSTOMER), promotion=promotion)
    till.order()
    assert "autant de fois que possible" in told(till.page)
    assert len(used(website)) == 1
    assert "Passer la commande" in words(till.page)


def test_a_code_that_is_typed_but_not_applied_is_not_overlooked(till, promote, julia):
    promote()
    till.choose("regina")
    call(till)
    page = till.order(mode="takeaway", code="DIX")
    assert page.status_int == 422
    assert "Appliquez ce code promo, ou effacez-le." in words(page)
    assert dict(fields_of(page))["code"] == "DIX"


def test_a_product_that_is_given_comes_into_the_order(website, till, promote, julia, add_up):
    promote("COLA", product_size_id=website.pizzeria.size("cola").id)
    till.choose("regina")
    call(till)
    till.press(OFFER)
    assert [name for name, _ in till.lines] == ["Regina", "Cola 33 cl"]
    till.order()
    assert len(used(website)) == 1
    add_up(website.engine)


def test_the_same_again_has_what_the_customer_may_have_today(till, promote, julia):
    promote()
    till.enter("5678")
    till.press(".till-same button")
    assert offered(till) == ["Dix"]


def test_whoever_used_it_at_the_till_has_it_no_more_online(website, till, promote, julia, add_up):
    id = promote(per_customer_limit=1)
    till.choose("regina")
    call(till)
    till.press(OFFER)
    till.order()
    call_again = Till(website)
    call_again.choose("regina")
    call(call_again)
    assert offered(call_again) == []
    customer = website.staff("customer")
    customer.add("regina")
    page = customer.get("/panier")
    assert "Dix" not in [words(each.get_text()) for each in soup(page).select(".offers p")]
    with website.session() as session:
        assert session.get_one(Promotion, id).times_used == 1
    add_up(website.engine)


def test_an_order_with_it_is_paid_changed_and_cancelled_to_the_cent(
    website, till, promote, julia, add_up
):
    id = promote()
    now, author = datetime.now(UTC), Author(website.account("cashier").id, Role.CASHIER)
    till.choose("regina")
    call(till)
    till.press(OFFER)
    till.press("#encaisser", means="cash")
    order = placed(website)
    assert "DIX" in words(till.page)
    pay = form_of(till.page, till.page.request.path)
    pay["cash"] = f"{order.total_cents / 100:.2f}".replace(".", ",")
    pay.submit(status=303)
    add_up(website.engine)
    taken = words(till.browser.get(f"{TILL}/session/x"))
    assert f"{order.total_cents / 100:.2f}".replace(".", ",") in taken
    with website.session() as session:
        basket = start_change(session, order.id, now)
        basket.lines[0].quantity = 2
        session.flush()
        total = review_basket(session, basket, now).quote.total_cents
        change_order(session, basket.token, Change(basket.checkout_key, total), author, now)
    assert total == 2 * order.total_cents
    assert used(website) == [(julia.id, 2 * order.revision.discount_cents)]
    with website.session() as session:
        cancel_and_give_back(session, order.id, author, now)
    assert used(website) == []
    with website.session() as session:
        promotion = session.get_one(Promotion, id)
        assert (promotion.times_used, promotion.given_cents) == (0, 0)
    add_up(website.engine)


def test_the_page_asks_the_database_little(website, promote, julia):
    till = Till(website, htmx=True)
    promote()
    till.choose("regina")
    call(till)
    with website.counted() as offering:
        till.browser.get(till.path)
    till.press(OFFER)
    with website.counted() as having:
        till.browser.get(till.path)
    assert len(offering) <= 14, offering
    assert len(having) <= 14, having
