"""UC3.2: a customer obtains a promotion in their basket and finds it up to the summary."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from factories import make_promotion
from ocpizza.domain.hours import business_day
from ocpizza.models.account import Account
from ocpizza.models.promotion import Promotion, PromotionUse
from ocpizza.models.vat import Mode
from ocpizza.services.order.queries import load_order
from views.checkout.test_change import confirm, start
from views.pages import form_of, notices, place, soup, words
from views.website import BASKET, CHANGE, CHECKOUT, sign_in

APPLY, REMOVE = "/panier/promotion", "/panier/promotion/retirer"
MINUS = "Promotion DIX −0,95 €"
JULIA = "cliente@example.org"


def promote(website, code="DIX", **values) -> int:
    with website.session() as session:
        return make_promotion(session, code, **values).id


@pytest.fixture
def julia(website):
    """The browser of a customer who is signed in, with a Margherita in her basket."""
    browser = website.staff("customer")
    browser.add()
    browser.get(BASKET)
    return browser


def apply(browser, code="DIX"):
    form = form_of(browser.get(BASKET), APPLY)
    form["code"] = code
    return form.submit(expect_errors=True)


def error(page) -> str:
    return words(soup(page).select_one("#code-erreur").get_text())


def born(website, birthday: date) -> None:
    with website.session() as session:
        session.scalars(select(Account).where(Account.email == JULIA)).one().birthday = birthday


def test_the_promotion_is_on_every_page_up_to_the_summary(website, julia, add_up):
    promote(website, name="Dix pour cent")
    page = apply(julia, " dix ").follow()
    assert notices(page) == ["Promotion DIX appliquée."]
    assert "DIX Dix pour cent" in words(page)
    assert MINUS in words(page)
    assert "Total TTC 11,05 €" in words(page)
    julia.give_details(email="julia@example.org")
    payment = julia.get(CHECKOUT)
    assert MINUS in words(payment)
    assert "obligation de paiement · 11,05 €" in words(payment)
    summary = julia.payment_form().submit(status=303).follow()
    assert MINUS in words(summary)
    assert "dont TVA 10 % 1,00 €" in words(summary)
    add_up(website.engine)
    with website.session() as session:
        julia_id = session.scalars(select(Account.id).where(Account.email == JULIA)).one()
        assert session.get_one(Promotion, 1).times_used == 1
        assert session.query(PromotionUse).one().account_id == julia_id


def test_the_kitchens_page_of_the_order_names_the_promotion(website, julia):
    promote(website)
    apply(julia)
    number = soup(julia.order()).h1.get_text().split()[-1]
    page = website.staff("manager").get(f"/equipe/city_001/commandes/{number}")
    assert MINUS in words(page)


def test_a_signed_out_visitor_signs_in_first_and_comes_back_with_their_code(website, browser):
    promote(website)
    browser.add()
    answer = apply(browser, "dix")
    assert place(answer) == "/connexion?suite=%2Fpanier%3Fcode%3DDIX"
    page = answer.follow()
    assert "Connectez-vous pour profiter de vos promotions" in notices(page)
    answer = sign_in(browser, JULIA, path=place(answer))
    assert place(answer) == "/panier?code=DIX"
    form = form_of(answer.follow(), APPLY)
    assert form["code"].value == "DIX"
    assert MINUS in words(form.submit(status=303).follow())


def test_signed_out_the_basket_leads_to_the_sign_in_page(browser):
    browser.add()
    (link,) = soup(browser.get(BASKET)).select(".promotion a")
    assert link["href"] == "/connexion?suite=%2Fpanier"


def test_a_colleague_has_no_promotions(website):
    promote(website)
    cashier = website.staff("cashier")
    cashier.add()
    answer = apply(cashier)
    assert answer.status_int == 422
    assert error(answer) == "Les promotions sont réservées aux comptes clients."


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Saisissez un code."),
        ("  ", "Saisissez un code."),
        ("NEUF", "Le code « NEUF » n’existe pas. Vérifiez-le et recommencez."),
        ("x" * 31, "C’est trop long : 30 caractères au plus."),
        ("<script>alert(1)</script>", "Le code « <SCRIPT>ALERT(1)</SCRIPT> » n’existe pas."),
        ("dix\u202e\x00ß", "Le code « DIXSS » n’existe pas."),
    ],
)
def test_a_wrong_code_is_said_at_the_field_and_kept(julia, typed, said):
    answer = apply(julia, typed)
    assert answer.status_int == 422
    assert error(answer).startswith(said)
    assert form_of(answer, APPLY)["code"].value in (typed.strip().upper(), "DIXSS")
    assert julia.lines() == [("Margherita", 1)]


def soon(**ahead) -> datetime:
    return datetime.now(UTC) + timedelta(**ahead)


def not_today() -> int:
    return 127 - (1 << business_day(datetime.now(UTC)).weekday())


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"active": False}, "La promotion DIX n’est plus proposée."),
        ({"starts_at": soon(days=2)}, "La promotion DIX commence "),
        ({"ends_at": soon(days=-2)}, "La promotion DIX est terminée depuis "),
        ({"weekday_mask": not_today()}, "La promotion DIX est valable uniquement le "),
        ({"from_minute": 1799}, "La promotion DIX est valable uniquement de 5 h 59 à 6 h."),
        ({"total_limit": 0}, "La promotion DIX est épuisée."),
        ({"per_customer_limit": 0}, "Vous avez déjà utilisé la promotion DIX"),
        (
            {"birthday_only": True},
            "La promotion DIX est valable autour de votre",
        ),
        (
            {"minimum_cents": 2000},
            "La promotion DIX demande 20,00 € d’achats : il manque 10,50 €.",
        ),
    ],
)
def test_each_condition_has_its_own_message(website, julia, values, said):
    promote(website, **values)
    answer = apply(julia)
    assert answer.status_int == 422
    assert error(answer).startswith(said)
    assert MINUS not in words(julia.get(BASKET))


def test_a_promotion_of_another_restaurant_is_said(website, julia):
    promote(website, at=[website.branch.restaurant])
    assert error(apply(julia)) == "La promotion DIX n’est pas valable dans ce restaurant."


def test_a_birthday_far_away_is_said(website, julia):
    born(website, soon(days=100).date().replace(year=1988))
    promote(website, birthday_only=True)
    assert "de trois jours avant à trois jours après" in error(apply(julia))


def test_a_first_order_only_once(website, julia, add_up):
    promote(website, first_order_only=True)
    apply(julia)
    julia.order()
    julia.add()
    assert error(apply(julia)) == "La promotion DIX est réservée à une première commande."
    add_up(website.engine)


def test_what_she_could_use_now_is_offered_with_a_button(website, julia):
    promote(website, name="Dix pour cent")
    promote(website, "TROP", name="Trop pour elle", minimum_cents=9000)
    promote(website, "SECRET", name="Pour qui la connaît", listed=False)
    page = julia.get(BASKET)
    offers = soup(page).select(".offers li")
    assert [words(offer.get_text(" ")) for offer in offers] == ["Dix pour cent En profiter"]
    assert MINUS in words(form_of(page, APPLY, code="DIX").submit(status=303).follow())
    assert not soup(julia.get(BASKET)).select(".offers")


def test_a_free_product_comes_into_the_basket(website, julia, add_up):
    promote(website, "COLA", product_size_id=website.pizzeria.size("cola").id)
    page = apply(julia, "COLA").follow()
    assert julia.lines() == [("Margherita", 1), ("Cola 33 cl", 1)]
    assert "Promotion COLA −2,80 €" in words(page)
    julia.order()
    add_up(website.engine)


def test_a_free_product_taken_out_again_is_said_and_not_counted(website, julia):
    promote(website, "COLA", product_size_id=website.pizzeria.size("cola").id)
    apply(julia, "COLA")
    line = soup(julia.get(BASKET)).select(f'form[action="{CHANGE}"] [name=line]')[1]["value"]
    julia.post_form(CHANGE, {"line": line, "quantity": "0"})
    page = words(julia.get(BASKET))
    assert "Le produit offert par la promotion COLA n’est pas dans votre panier." in page
    assert "Total TTC 12,00 €" in page


def test_a_promotion_is_given_up(website, julia):
    promote(website)
    apply(julia)
    page = form_of(julia.get(BASKET), REMOVE).submit(status=303).follow()
    assert notices(page) == ["La promotion est retirée de votre panier."]
    assert MINUS not in words(page)


def test_an_emptied_basket_has_no_promotion(website, julia):
    promote(website)
    apply(julia)
    julia.post_form(CHANGE, {"vider": "1"})
    julia.add()
    assert MINUS not in words(julia.get(BASKET))


@pytest.mark.parametrize("backend", ["postgresql"])
def test_the_promotion_is_locked_before_its_customer_is(website, julia):
    promote(website)
    apply(julia)
    julia.give_details()
    form = julia.payment_form()
    form["keep_address"] = True
    with website.counted() as statements:
        form.submit(status=303)
    (first, *_) = [text for text in statements if "FOR NO KEY UPDATE" in text]
    assert "FROM promotion" in first


def test_a_promotion_that_ends_before_the_order_refuses_it_and_says_why(website, julia, add_up):
    id = promote(website)
    apply(julia)
    julia.give_details()
    form = julia.payment_form()
    with website.session() as session:
        session.get_one(Promotion, id).active = False
    page = form.submit(status=303).follow()
    assert notices(page)[0] == (
        "La promotion DIX n’est plus proposée. Le nouveau total est de 12,00 € : "
        "vérifiez-le avant de commander."
    )
    assert "Elle n’est pas comptée dans le total." in words(page)
    summary = julia.payment_form().submit(status=303).follow()
    assert "Total TTC 12,00 €" in words(summary)
    add_up(website.engine)


def test_signing_out_says_that_the_promotion_waits(website, julia):
    promote(website)
    apply(julia)
    julia.post_form("/deconnexion")
    julia.add()
    assert MINUS not in words(julia.get(BASKET))


def test_a_changed_order_says_before_it_is_confirmed_that_the_promotion_goes(
    website, julia, add_up
):
    promote(website, amount_cents=300, minimum_cents=1500)
    julia.add()
    apply(julia)
    summary = julia.order(email="julia@example.org")
    number = soup(summary).h1.get_text().split()[-1]
    order = website.look_at(number)
    basket = start(julia, order)
    assert not soup(basket).select(".promotion")
    assert "Promotion DIX −3,00 €" in words(basket)
    line = soup(basket).select_one(f'form[action="{CHANGE}"] [name=line]')["value"]
    julia.post_form(CHANGE, {"line": line, "quantity": "1"})
    form = julia.form("/modification/livraison", "/modification/livraison")
    page = form.submit(status=303).follow()
    assert "La promotion DIX demande 15,00 € d’achats : il manque 5,50 €." in words(page)
    assert "Votre commande modifiée n’aura plus cette promotion." in words(page)
    assert "6,50 € de moins qu’avant." in words(page)
    confirm(julia)
    with website.session() as session:
        kept = load_order(session, order.id).revision
        assert (kept.promotion_id, kept.total_cents) == (None, 1200)
        assert session.query(PromotionUse).all() == []
    add_up(website.engine)


def test_a_promotion_cannot_be_put_in_or_taken_out_while_an_order_is_changed(website, julia):
    promote(website)
    promote(website, "VINGT", percent=20)
    apply(julia)
    number = soup(julia.order()).h1.get_text().split()[-1]
    start(julia, website.look_at(number))
    for path in (APPLY, REMOVE):
        assert place(julia.post_form(path, {"code": "VINGT"})) == BASKET
    assert MINUS in words(julia.get(BASKET))


@pytest.mark.parametrize("path", [APPLY, REMOVE])
def test_without_a_basket_there_is_no_promotion(browser, path):
    assert place(browser.post_form(path, {"code": "DIX"})) == BASKET


def test_what_is_fetched_has_its_discount_too(website, julia, add_up):
    promote(website)
    apply(julia)
    page = julia.order(mode=Mode.TAKEAWAY)
    assert "Total TTC 8,55 €" in words(page)
    add_up(website.engine)
