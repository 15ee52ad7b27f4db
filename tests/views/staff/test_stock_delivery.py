"""UC6.2: a supplier's delivery is typed once, as people count, and nothing typed is lost."""

from databases import counted_statements
from views.pages import form_of, notices, place, soup, words
from views.website import ELSEWHERE, HERE

LIST = f"/equipe/{HERE}/stock"
DELIVERY = f"{LIST}/livraison"
MAX_STATEMENTS = 6


def field(website, code: str) -> str:
    return f"i{website.pizzeria.ingredients[code].id}-quantity"


def left(website, code: str) -> int:
    with website.session() as session:
        return website.pizzeria.stock_of(session, code)


def test_several_ingredients_are_added_at_once(website):
    manager = website.staff("manager")
    before = left(website, "jambon"), left(website, "oeuf")
    form = form_of(manager.get(LIST).click("Livraison reçue"), DELIVERY)
    form[field(website, "jambon")] = "2,5 kg"
    form[field(website, "oeuf")] = "3"
    form["note"] = "Métro, bon 4711"
    answer = form.submit()
    assert place(answer) == LIST
    assert notices(answer.follow()) == ["Livraison enregistrée : 2 ingrédients."]
    ham, egg = left(website, "jambon"), left(website, "oeuf")
    assert ham == before[0] + 2500
    assert egg > before[1]


def test_what_was_typed_stays_where_something_is_wrong_and_nothing_is_added(website):
    manager = website.staff("manager")
    before = left(website, "jambon")
    form = form_of(manager.get(DELIVERY), DELIVERY)
    form[field(website, "jambon")] = "2,5 kg"
    form[field(website, "oeuf")] = "beaucoup"
    answer = form.submit(status=422)
    again = form_of(answer, DELIVERY)
    assert again[field(website, "jambon")].value == "2,5 kg"
    assert again[field(website, "oeuf")].value == "beaucoup"
    (link,) = soup(answer).select(".error-summary a")
    assert link["href"] == f"#{field(website, 'oeuf')}"
    assert left(website, "jambon") == before


def test_where_nothing_came_one_is_asked_what_did(website):
    form = form_of(website.staff("manager").get(DELIVERY), DELIVERY)
    for quantity in ("", "0"):
        form[field(website, "oeuf")] = quantity
        answer = form.submit(status=422)
        assert "Indiquez la quantité d’un ingrédient au moins." in words(answer)


def test_who_does_not_change_the_stock_is_not_led_there(website):
    assert "Livraison reçue" not in words(website.staff("pizzaiolo").get(LIST))


def test_a_delivery_elsewhere_is_none_of_theirs(website):
    website.staff("manager").get(f"/equipe/{ELSEWHERE}/stock/livraison", status=403)


def test_the_page_asks_the_database_as_often_however_much_is_kept(website):
    manager = website.staff("manager")
    with counted_statements(website.engine) as statements:
        manager.get(DELIVERY)
    assert len(statements) <= MAX_STATEMENTS
