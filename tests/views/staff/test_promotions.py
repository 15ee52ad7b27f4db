"""UC3.2: managers write promotions; what was used stays in the books."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from factories import author_of, make_account, make_promotion, order_of
from ocpizza.models.promotion import Promotion, PromotionKind
from ocpizza.services.promotion.queries import find_promotion
from views.pages import form_of, notices, place, soup, words
from views.website import ELSEWHERE, HERE

LIST = f"/equipe/{HERE}/promotions"
NEW = f"{LIST}/nouvelle"


def promote(website, code="DIX", *, uses=0, **values) -> int:
    with website.session() as session:
        promotion = make_promotion(session, code, **values)
        customer = author_of(make_account(session))
        for _ in range(uses):
            order_of(session, website.pizzeria, author=customer, promotion=promotion)
        return promotion.id


def look_at(website, code="DIX") -> Promotion | None:
    with website.session() as session:
        id = session.scalar(select(Promotion.id).where(Promotion.code == code))
        return find_promotion(session, id) if id else None


def fill(browser, path=NEW, **values):
    """Fill the form in and send it."""
    form = form_of(browser.get(path), path)
    for name, value in values.items():
        if name in ("weekdays", "restaurants"):
            for box in form.fields[name]:
                box.checked = box._value in map(str, value)
        else:
            form[name] = value
    return form.submit(expect_errors=True)


def errors(page) -> dict[str, str]:
    found = soup(page).select(".field-error")
    return {error["id"].removesuffix("-erreur"): words(error.get_text()) for error in found}


def card(page, code: str) -> str:
    cards = soup(page).select(".promotion-card")
    return words(next(card for card in cards if card.h2.get_text() == code).get_text(" "))


def places(promotion) -> list[int]:
    return [one.restaurant_id for one in promotion.restaurants]


def test_a_group_manager_writes_a_promotion_with_everything(website):
    manager, here = website.staff("direction"), website.pizzeria.restaurant.id
    answer = fill(
        manager,
        code=" midi3 ",
        name="La pause de midi",
        kind="amount",
        amount_cents="3,50",
        percent="15",
        minimum_cents="18",
        starts_at="2026-03-01T08:00",
        ends_at="2026-07-01T23:30",
        weekdays=[0, 4],
        from_minute="11:30",
        to_minute="01:00",
        restaurants=[here],
        first_order_only=True,
        birthday_only=True,
        per_customer_limit="2",
        total_limit="200",
        listed=False,
    )
    assert place(answer) == LIST
    page = answer.follow()
    assert notices(page) == ["La promotion MIDI3 est enregistrée."]
    kept = look_at(website, "MIDI3")
    assert (kept.kind, kept.percent, kept.amount_cents) == (PromotionKind.AMOUNT, None, 350)
    assert (kept.minimum_cents, kept.weekday_mask) == (1800, 0b10001)
    assert (kept.from_minute, kept.to_minute) == (690, 1500)
    assert kept.starts_at == datetime(2026, 3, 1, 7, 0, tzinfo=UTC)
    assert kept.ends_at == datetime(2026, 7, 1, 21, 30, tzinfo=UTC)
    assert (kept.per_customer_limit, kept.total_limit, places(kept)) == (2, 200, [here])
    assert (kept.first_order_only, kept.birthday_only) == (True, True)
    assert (kept.listed, kept.active) == (False, True)
    told = card(page, "MIDI3")
    for words_of_it in (
        "Montant −3,50 €, dès 18,00 €",
        "lundi, vendredi, de 11 h 30 à 1 h",
        "OC Pizza République",
        "Première commande. Semaine de l’anniversaire. 2 fois par client. À qui connaît le code.",
        "0 fois sur 200 · 0,00 € offerts",
    ):
        assert words_of_it in told


def test_what_was_written_is_in_the_form_again(website):
    id = promote(website, product_size_id=website.pizzeria.size("cola").id, from_minute=1320)
    form = form_of(website.staff("direction").get(f"{LIST}/{id}"), f"{LIST}/{id}")
    assert form["kind"].value == "free_product"
    assert form["product_size_id"].value == str(website.pizzeria.size("cola").id)
    assert (form["from_minute"].value, form["to_minute"].value) == ("22:00", "")
    assert form["minimum_cents"].value == "0,00"
    assert not any(box.checked for box in form.fields["weekdays"])
    answer = form.submit(status=303)
    assert place(answer) == LIST
    kept = look_at(website)
    assert (kept.kind, kept.from_minute, kept.weekday_mask) == ("free_product", 1320, 127)


def test_uses_are_counted_with_the_euros_given(website, add_up):
    promote(website, uses=3)
    page = website.staff("manager").get(LIST)
    assert "3 fois · 2,85 € offerts" in card(page, "DIX")
    add_up(website.engine)


GOOD = {"code": "DIX", "name": "Dix", "kind": "percentage", "percent": "10"}


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"code": ""}, "code", "Indiquez un code."),
        ({"code": "AB"}, "code", "Un code a de 3 à 30 lettres sans accent et chiffres."),
        ({"code": "ÉTÉ"}, "code", "Un code a de 3 à 30 lettres sans accent et chiffres."),
        ({"code": "A.B.C"}, "code", "Un code a de 3 à 30 lettres sans accent et chiffres."),
        ({"code": "X" * 31}, "code", "C’est trop long : 30 caractères au plus."),
        ({"name": " "}, "name", "Indiquez un titre."),
        ({"name": "x" * 101}, "name", "C’est trop long : 100 caractères au plus."),
        ({"percent": ""}, "percent", "Indiquez le pourcentage."),
        ({"percent": "0"}, "percent", "Indiquez de 1 à 100 %."),
        ({"percent": "101"}, "percent", "Indiquez de 1 à 100 %."),
        ({"kind": "amount"}, "amount_cents", "Indiquez le montant."),
        ({"kind": "amount", "amount_cents": "0"}, "amount_cents", "Indiquez le montant."),
        ({"amount_cents": "trois"}, "amount_cents", "Indiquez une somme comme 3,50."),
        ({"amount_cents": "-3"}, "amount_cents", "Indiquez une somme comme 3,50."),
        ({"amount_cents": "3,505"}, "amount_cents", "Indiquez une somme comme 3,50."),
        ({"amount_cents": "100000"}, "amount_cents", "Indiquez une somme comme 3,50."),
        ({"kind": "free_product"}, "product_size_id", "Choisissez le produit offert."),
        ({"minimum_cents": "1e9"}, "minimum_cents", "Indiquez une somme comme 3,50."),
        ({"starts_at": "demain"}, "starts_at", "Indiquez une date et une heure comme"),
        ({"starts_at": "0001-01-01T00:00"}, "starts_at", "Indiquez une date et une heure comme"),
        ({"ends_at": "9999-12-31T23:59"}, "ends_at", "Indiquez une date et une heure comme"),
        (
            {"starts_at": "2026-03-02T10:00", "ends_at": "2026-03-02T10:00"},
            "ends_at",
            "La fin vient avant le début.",
        ),
        ({"from_minute": "25:00"}, "from_minute", "Indiquez une heure comme 18:30."),
        ({"to_minute": "midi"}, "to_minute", "Indiquez une heure comme 18:30."),
        ({"from_minute": "23:00", "to_minute": "22:00"}, "to_minute", "La fin vient avant"),
        ({"per_customer_limit": "0"}, "per_customer_limit", "Indiquez un nombre de 1 à 1000000"),
        ({"total_limit": "9" * 30}, "total_limit", "Indiquez un nombre de 1 à 1000000"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_typed_is_lost(website, values, field, said):
    typed = GOOD | {"minimum_cents": "12,5"} | values
    answer = fill(website.staff("direction"), **typed)
    assert answer.status_int == 422
    assert errors(answer)[field].startswith(said)
    form = form_of(answer, NEW)
    for name, value in typed.items():
        assert form[name].value.upper() == value.strip().upper()
    assert look_at(website) is None


def test_a_code_is_given_once(website):
    promote(website)
    answer = fill(website.staff("manager"), **GOOD)
    assert errors(answer) == {"code": "Une autre promotion porte déjà ce code."}
    id = promote(website, "VINGT")
    answer = fill(website.staff("direction"), f"{LIST}/{id}", code="dix")
    assert errors(answer) == {"code": "Une autre promotion porte déjà ce code."}


def test_two_who_edit_at_once_are_told_and_lose_nothing(website):
    id = promote(website)
    path = f"{LIST}/{id}"
    first, second = website.staff("direction"), website.staff("direction")
    form = form_of(second.get(path), path)
    fill(first, path, name="Le premier")
    form["name"] = "Le second"
    answer = form.submit(status=422)
    assert "Cette promotion a été modifiée entre-temps par quelqu’un d’autre." in words(answer)
    assert look_at(website).name == "Le premier"
    form = form_of(answer, path)
    assert form["name"].value == "Le second"
    form.submit(status=303)
    assert look_at(website).name == "Le second"


def test_other_restaurants_are_a_change_too(website):
    id = promote(website)
    path = f"{LIST}/{id}"
    form = form_of(website.staff("direction").get(path), path)
    fill(website.staff("direction"), path, restaurants=[website.branch.restaurant.id])
    assert form.submit(expect_errors=True).status_int == 422
    assert places(look_at(website)) == [website.branch.restaurant.id]


def test_an_order_meanwhile_is_no_change(website):
    id = promote(website)
    path = f"{LIST}/{id}"
    form = form_of(website.staff("direction").get(path), path)
    with website.session() as session:
        of = {"promotion": session.get_one(Promotion, id)}
        order_of(session, website.pizzeria, author=author_of(make_account(session)), **of)
    form["name"] = "Toujours dix"
    form.submit(status=303)
    kept = look_at(website)
    assert (kept.name, kept.times_used) == ("Toujours dix", 1)


def test_a_used_promotion_keeps_its_code_and_its_uses_bound_its_limit(website):
    id = promote(website, uses=2)
    answer = fill(website.staff("direction"), f"{LIST}/{id}", code="ONZE")
    assert "Des commandes portent déjà ce code" in errors(answer)["code"]
    answer = fill(website.staff("direction"), f"{LIST}/{id}", total_limit="1")
    assert errors(answer) == {"total_limit": "Elle a déjà servi 2 fois."}
    fill(website.staff("direction"), f"{LIST}/{id}", total_limit="2").follow()
    assert look_at(website).total_limit == 2


def test_a_used_promotion_is_switched_off_and_not_deleted(website, add_up):
    id = promote(website, uses=1)
    manager = website.staff("direction")
    assert "Supprimer cette promotion" not in words(manager.get(f"{LIST}/{id}"))
    page = manager.post_form(f"{LIST}/{id}/supprimer").follow()
    assert "désactivez-la, elle ne peut être supprimée" in notices(page)[0]
    switch = form_of(manager.get(LIST), f"{LIST}/{id}/activite")
    page = switch.submit("desactiver").follow()
    assert notices(page) == ["DIX est désactivée."]
    assert "Désactivée" in card(page, "DIX")
    assert not look_at(website).active
    form_of(page, f"{LIST}/{id}/activite").submit("activer").follow()
    assert look_at(website).active
    add_up(website.engine)


def test_an_old_page_switches_nothing(website):
    id = promote(website)
    manager = website.staff("direction")
    switch = form_of(manager.get(LIST), f"{LIST}/{id}/activite")
    fill(manager, f"{LIST}/{id}", name="Autre").follow()
    page = switch.submit("desactiver").follow()
    assert notices(page) == ["La promotion DIX a été modifiée entre-temps : relisez-la."]
    assert look_at(website).active


def test_a_promotion_that_nobody_used_is_deleted_and_baskets_lose_it(website):
    id = promote(website)
    customer = website.staff("customer")
    customer.add()
    form = form_of(customer.get("/panier"), "/panier/promotion")
    form["code"] = "DIX"
    form.submit(status=303)
    manager = website.staff("direction")
    page = form_of(manager.get(f"{LIST}/{id}"), f"{LIST}/{id}/supprimer").submit().follow()
    assert notices(page) == ["La promotion DIX est supprimée."]
    assert look_at(website) is None
    assert "Total TTC 12,00 €" in words(customer.get("/panier"))


def test_a_restaurants_manager_writes_promotions_of_their_restaurant_only(website):
    manager, here = website.staff("manager"), website.pizzeria.restaurant.id
    assert "restaurants" not in form_of(manager.get(NEW), NEW).fields
    elsewhere = website.branch.restaurant.id
    manager.post_form(NEW, GOOD | {"product_size_id": "0", "restaurants": str(elsewhere)})
    assert places(look_at(website)) == [here]


def test_a_restaurants_manager_sees_the_groups_and_changes_their_own(website):
    here, elsewhere = website.pizzeria.restaurant, website.branch.restaurant
    ids = {
        "GROUPE": promote(website, "GROUPE"),
        "ICI": promote(website, "ICI", at=[here]),
        "LABAS": promote(website, "LABAS", at=[elsewhere]),
        "DEUX": promote(website, "DEUX", at=[here, elsewhere]),
    }
    manager = website.staff("manager")
    page = manager.get(LIST)
    shown = [found.h2.get_text() for found in soup(page).select(".promotion-card")]
    assert shown == ["DEUX", "GROUPE", "ICI"]
    assert "Gérée par la direction du groupe." in card(page, "GROUPE")
    for code, id in ids.items():
        status = 200 if code == "ICI" else 403
        assert manager.get(f"{LIST}/{id}", expect_errors=True).status_int == status
        if code != "ICI":
            for path in ("", "/activite", "/supprimer"):
                answer = manager.post_form(f"{LIST}/{id}{path}", GOOD | {"version": "1"})
                assert answer.status_int == 403
            assert look_at(website, code).active
    shown = soup(website.staff("direction").get(LIST)).select(".promotion-card")
    assert len(shown) == 4


@pytest.mark.parametrize("path", ["999", "999/activite", "999/supprimer"])
def test_a_promotion_that_is_not_is_not_found(website, path):
    manager = website.staff("direction")
    assert manager.post_form(f"{LIST}/{path}").status_int == 404


def test_the_managers_tabs_lead_to_the_promotions(website):
    tabs = soup(website.staff("manager").get(f"/equipe/{HERE}/recettes")).select(".tabs a")
    assert LIST in [tab["href"] for tab in tabs]
    tabs = soup(website.staff("pizzaiolo").get(f"/equipe/{HERE}/recettes")).select(".tabs a")
    assert LIST not in [tab["href"] for tab in tabs]


def test_without_a_promotion_the_page_says_so(website):
    page = website.staff(f"manager.{ELSEWHERE}").get(f"/equipe/{ELSEWHERE}/promotions")
    assert "Aucune promotion pour l’instant." in words(page)
