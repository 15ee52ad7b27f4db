"""UC7.1: managers keep the accounts of their staff."""

import re

import pytest
from sqlalchemy import func, select

from factories import PASSWORD
from forms.test_bad_input import VALUES
from guessing import check_password
from ocpizza.models.account import Account, AccountStatus, Employee, Role
from ocpizza.models.order_status import Status
from ocpizza.models.staff_change import StaffChange
from ocpizza.models.vat import Mode
from security.test_roles import order_in
from views.pages import designed, form_of, notices, place, soup, words
from views.website import ELSEWHERE, HERE, sign_in

LIST = f"/equipe/{HERE}/personnel"
NEW = f"{LIST}/nouveau"
MAX_STATEMENTS = 5


def page_of(website, who: str) -> str:
    return f"{LIST}/{website.account(who).id}"


def fill(browser, path=NEW, **values):
    """Fill the form in and send it."""
    form = form_of(browser.get(path), path)
    for name, value in values.items():
        form[name] = value
    return form.submit(expect_errors=True)


def press(browser, path: str, act: str, button: str | None = None):
    """Press a button on a colleague's page."""
    return form_of(browser.get(path), f"{path}/{act}").submit(button, expect_errors=True)


def text_of(page) -> str:
    return words(soup(page).select_one("main").get_text(" "))


def issued(page) -> tuple[str, str]:
    """The identifier and the password that a page shows."""
    shown = [words(each.get_text()) for each in soup(page).select(".issued dd")]
    return shown[0], shown[1]


def errors(page) -> dict[str, str]:
    found = soup(page).select(".field-error")
    return {error["id"].removesuffix("-erreur"): words(error.get_text()) for error in found}


def names(page) -> list[str]:
    return [words(title.get_text()) for title in soup(page).select(".card h3")]


def count(website, table=Employee) -> int:
    with website.session() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_restaurants_manager_sees_its_staff_and_nobody_else(website):
    page = website.staff("manager").get(LIST)
    assert names(page) == [
        "Cashier Lombard",
        "Driver Lombard",
        "Manager Lombard",
        "Pizzaiolo Lombard",
    ]
    assert "Direction du groupe" not in words(page.text)


def test_the_groups_manager_sees_the_other_managers_of_the_group_too(website):
    page = website.staff("direction").get(LIST)
    assert len(names(page)) == 5
    assert "Direction du groupe" in words(page.text)


def test_the_list_costs_few_statements(website):
    manager = website.staff("manager")
    with website.counted() as statements:
        manager.get(LIST)
    assert len(statements) <= MAX_STATEMENTS


@pytest.mark.parametrize("role", ["cashier", "pizzaiolo", "driver", "manager"])
def test_who_is_added_signs_in_with_what_is_shown_once(website, role):
    manager = website.staff("manager")
    page = fill(manager, first_name="Zoé", last_name="Lœb", role=role)
    assert page.status_int == 200
    assert page.headers["Cache-Control"] == "no-store"
    identifier, password = issued(page)
    assert identifier == "zoe.loeb"
    assert len(password) == 20
    visitor = website.browser()
    assert place(sign_in(visitor, identifier, password)) == "/equipe"
    for path in (LIST, NEW, f"/equipe/{HERE}/journal"):
        assert password not in manager.get(path).text
    with website.session() as session:
        account = session.scalars(select(Account).where(Account.identifier == identifier)).one()
        assert (account.employee.role, account.employee.restaurant_id) == (
            Role(role),
            website.pizzeria.restaurant.id,
        )


def test_a_password_is_in_no_address_no_message_and_no_log(website, capsys):
    manager = website.staff("manager")
    pages = [fill(manager, first_name="Zoé", last_name="Lœb", role="driver")]
    pages.append(press(manager, page_of(website, "cashier"), "mot-de-passe"))
    told = "".join(capsys.readouterr())
    for page in pages:
        _, password = issued(page)
        assert "Location" not in page.headers
        assert password not in page.request.url
        assert password not in told
        assert notices(page) == []
        # The cookie is signed, not sealed.
        assert password not in str(page.headers) + str([each.value for each in manager.cookiejar])


def test_the_same_form_sent_twice_makes_one_account(website):
    manager, before = website.staff("manager"), count(website)
    form = form_of(manager.get(NEW), NEW)
    form["first_name"], form["last_name"], form["role"] = "Zoé", "Lœb", "driver"
    form.submit(status=200)
    again = form.submit(expect_errors=True)
    assert again.status_int == 422
    assert "Zoé Lœb travaille déjà ici, avec l’identifiant « zoe.loeb »." in words(again.text)
    assert count(website) == before + 1


@pytest.mark.parametrize("typed", ["CASHIER.city_001", "  cashier.city_001 ", "ｃashier.city_001"])
def test_identifiers_are_compared_by_what_they_mean(website, typed):
    page = fill(
        website.staff("manager"), first_name="Zoé", last_name="Lœb", role="driver", identifier=typed
    )
    assert page.status_int == 422
    assert errors(page) == {"identifier": "Quelqu’un se connecte déjà avec cet identifiant."}


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"first_name": " "}, {"first_name": "Indiquez le prénom."}),
        ({"last_name": ""}, {"last_name": "Indiquez le nom."}),
        ({"last_name": "x" * 101}, {"last_name": "C’est trop long : 100 caractères au plus."}),
        ({"identifier": "zoe loeb"}, {"identifier": "Un identifiant n’a ni espace ni @."}),
        ({"identifier": "z@example.org"}, {"identifier": "Un identifiant n’a ni espace ni @."}),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(website, values, wrong):
    typed = {"first_name": "Zoé", "last_name": "Lœb", "role": "driver", "identifier": ""} | values
    page = fill(website.staff("manager"), **typed)
    assert page.status_int == 422
    assert errors(page) == wrong
    assert form_of(page, NEW)["role"].value == "driver"


def test_a_function_must_be_chosen(website):
    page = fill(website.staff("manager"), first_name="Zoé", last_name="Lœb")
    assert errors(page) == {"role": "Choisissez ce que fait cette personne."}


def test_only_a_manager_works_for_the_whole_group(website):
    names = {"first_name": "Zoé", "last_name": "Lœb", "restaurant": "0"}
    direction = website.staff("direction")
    refused = fill(direction, role="driver", **names)
    assert list(errors(refused)) == ["restaurant"]
    identifier, _ = issued(fill(direction, role="manager", **names))
    with website.session() as session:
        job = session.scalars(
            select(Employee).join(Account).where(Account.identifier == identifier)
        ).one()
        assert job.restaurant_id is None


def test_a_restaurant_that_is_typed_in_does_not_raise_anybody(website):
    manager = website.staff("manager")
    fields = {"first_name": "Zoé", "last_name": "Lœb", "role": "manager", "restaurant": "0"}
    assert manager.post_form(NEW, fields).status_int == 200
    page = page_of(website, "cashier")
    manager.post_form(page, fields | {"version": "1"})
    here, id = website.pizzeria.restaurant.id, website.account("cashier").id
    with website.session() as session:
        of_group = select(func.count()).where(Employee.restaurant_id.is_(None))
        assert session.scalar(of_group) == 1
        cashier = session.get_one(Employee, id)
        assert (cashier.role, cashier.restaurant_id) == (Role.MANAGER, here)


@pytest.mark.parametrize("who", ["direction", "cashier.city_002"])
def test_an_address_that_is_typed_in_leads_to_nobody_elses_account(website, who):
    manager, page = website.staff("manager"), page_of(website, who)
    for act in ("", "/supprimer"):
        manager.get(page + act, status=404)
    for act in ("", "/mot-de-passe", "/activite", "/supprimer"):
        assert manager.post_form(page + act, {"version": "1"}).status_int == 404


def test_a_customer_is_no_colleague(website):
    website.staff("direction").get(page_of(website, "customer"), status=404)


def test_names_function_and_restaurant_are_changed(website):
    page, branch = page_of(website, "cashier"), website.branch.restaurant
    answer = fill(
        website.staff("direction"),
        page,
        first_name="Anna",
        role="driver",
        restaurant=str(branch.id),
    )
    assert place(answer) == LIST
    assert notices(answer.follow()) == ["Le compte est enregistré : Anna Lombard."]
    moved = website.staff("cashier")
    assert place(moved.get("/equipe")) == f"/equipe/{ELSEWHERE}/livraisons"
    moved.get(f"/equipe/{HERE}/comptoir", status=403)


def test_somebody_elses_change_is_not_written_over(website):
    page = page_of(website, "cashier")
    manager, director = website.staff("manager"), website.staff("direction")
    form = form_of(manager.get(page), page)
    fill(director, page, first_name="Anna")
    form["last_name"] = "Muñoz"
    again = form.submit(expect_errors=True)
    assert again.status_int == 422
    assert "modifié entre-temps par quelqu’un d’autre" in words(again.text)
    assert form_of(again, page)["last_name"].value == "Muñoz"
    assert form_of(again, page).submit(status=303)


def test_a_new_password_signs_in_and_the_old_session_is_over(website):
    cashier, page = website.staff("cashier"), page_of(website, "cashier")
    shown = press(website.staff("manager"), page, "mot-de-passe")
    assert shown.headers["Cache-Control"] == "no-store"
    identifier, password = issued(shown)
    assert place(cashier.get(f"/equipe/{HERE}/comptoir")).startswith("/connexion")
    assert place(sign_in(website.browser(), identifier, password)) == "/equipe"
    assert sign_in(website.browser(), identifier, PASSWORD).status_int == 422


def test_reloading_the_page_of_a_password_gives_no_other(website):
    manager, page = website.staff("manager"), page_of(website, "cashier")
    form = form_of(manager.get(page), f"{page}/mot-de-passe")
    identifier, password = issued(form.submit(status=200))
    answer = form.submit(status=303)
    assert "modifié entre-temps" in notices(answer.follow())[0]
    with website.session() as session:
        assert check_password(session, identifier, password)


def test_who_tried_too_often_gets_in_with_the_new_password(website):
    for _ in range(6):
        sign_in(website.browser(), "cashier.city_001", "faux")
    identifier, password = issued(
        press(website.staff("manager"), page_of(website, "cashier"), "mot-de-passe")
    )
    assert place(sign_in(website.browser(), identifier, password)) == "/equipe"


def test_who_is_deactivated_is_out_at_the_next_request_and_in_again_later(website):
    cashier, page = website.staff("cashier"), page_of(website, "cashier")
    assert cashier.get(f"/equipe/{HERE}/comptoir").status_int == 200
    answer = press(website.staff("manager"), page, "activite")
    assert place(answer) == LIST
    shown = answer.follow()
    assert "ne peut plus se connecter" in notices(shown)[0]
    assert "Compte désactivé" in words(shown.text)
    assert place(cashier.get(f"/equipe/{HERE}/comptoir")).startswith("/connexion")
    assert sign_in(website.browser(), "cashier.city_001").status_int == 422
    press(website.staff("manager"), page, "activite", "activer")
    assert place(sign_in(website.browser(), "cashier.city_001")) == "/equipe"


def test_a_driver_on_their_way_is_said_and_stays_until_they_are_back(website):
    driver = website.account("driver")
    order = order_in(website, Status.OUT_FOR_DELIVERY, Mode.DELIVERY, driver.id)
    manager, page = website.staff("manager"), page_of(website, "driver")
    assert f"a en main : {order.number}" in text_of(manager.get(page))
    asked = manager.get(f"{page}/supprimer")
    assert f"Des commandes sont encore en main : {order.number}." in text_of(asked)
    refused = manager.post_form(f"{page}/supprimer", {"version": "1"})
    assert place(refused) == page
    assert order.number in notices(refused.follow())[0]
    done = press(manager, page, "activite").follow()
    assert f"a encore des commandes en main : {order.number}." in notices(done)[1]
    assert website.account("driver").status is AccountStatus.INACTIVE


def test_who_is_deleted_is_gone_and_the_order_keeps_their_name(website):
    order = order_in(website, Status.DELIVERED, Mode.DELIVERY, 0)
    driver = website.account("driver")
    with website.session() as session:
        session.merge(order).driver_id = driver.id
    manager, page = website.staff("manager"), page_of(website, "driver")
    answer = form_of(manager.get(f"{page}/supprimer"), f"{page}/supprimer").submit(status=303)
    assert notices(answer.follow()) == ["Driver Lombard ne fait plus partie de l’équipe."]
    assert "Driver Lombard" not in names(manager.get(LIST))
    assert sign_in(website.browser(), "driver.city_001").status_int == 422
    manager.get(page, status=404)
    assert manager.post_form(f"{page}/supprimer", {"version": "1"}).status_int == 404
    assert website.look_at(order).driver_id == driver.id
    with website.session() as session:
        assert session.get_one(Account, driver.id).full_name == "Driver Lombard"


def test_the_last_manager_of_the_group_is_told_so(website):
    direction, page = website.staff("direction"), page_of(website, "direction")
    for act in ("activite", "supprimer"):
        answer = direction.post_form(f"{page}/{act}", {"version": "1", "desactiver": "1"})
        assert "C’est le dernier responsable actif du groupe" in notices(answer.follow())[0]
    here = str(website.pizzeria.restaurant.id)
    refused = fill(direction, page, restaurant=here)
    assert refused.status_int == 422
    assert "dernier responsable actif" in errors(refused)["role"]
    assert not soup(direction.get(page)).select(f'form[action="{page}/mot-de-passe"]')


def test_a_manager_keeps_their_own_rights(website):
    manager, page = website.staff("manager"), page_of(website, "manager")
    refused = fill(manager, page, role="cashier")
    assert list(errors(refused)) == ["role"]
    answer = manager.post_form(f"{page}/activite", {"version": "1", "desactiver": "1"})
    assert "un autre responsable" in notices(answer.follow())[0]
    assert website.account("manager").status is AccountStatus.ACTIVE


def test_everything_is_in_the_trail_and_no_password(website):
    manager, page = website.staff("manager"), page_of(website, "cashier")
    fill(manager, page, first_name="Anna")
    _, password = issued(press(manager, page, "mot-de-passe"))
    press(manager, page, "activite")
    trail = manager.get(page).click("Modifications de ce compte")
    told = words(soup(trail).select_one(".trail").get_text(" "))
    assert len(soup(trail).select(".trail > li")) == 3
    assert "Équipe · Anna Lombard" in told
    assert "Prénom avant : Cashier après : Anna" in told
    assert "Mot de passe renouvelé avant : non après : oui" in told
    assert "Compte actif avant : oui après : non" in told
    with website.session() as session:
        kept = str(
            [(row.facts_before, row.facts_after) for row in session.scalars(select(StaffChange))]
        )
    assert password not in kept
    assert not re.search("argon2", kept)


@pytest.mark.parametrize("field", ["first_name", "last_name", "identifier", "role", "restaurant"])
def test_whatever_is_typed_is_answered_by_a_page_of_ours(website, monkeypatch, field):
    monkeypatch.setattr("ocpizza.services.account.add_colleague.hash_password", lambda _: "a hash")
    direction = website.staff("direction")
    good = {"first_name": "Zoé", "last_name": "Lœb", "identifier": "", "role": "driver"}
    good |= {"restaurant": str(website.pizzeria.restaurant.id), "version": "1"}
    for path in (NEW, page_of(website, "cashier")):
        for value in VALUES:
            answer = direction.post_form(path, good | {field: value})
            assert answer.status_int in (200, 303, 422), (path, value)
            assert answer.status_int == 303 or designed(answer)


@pytest.mark.parametrize("version", VALUES)
def test_a_version_that_is_none_changes_nothing(website, version):
    direction, page = website.staff("direction"), page_of(website, "cashier")
    version = "" if version == "1" else version
    for act in ("mot-de-passe", "activite", "supprimer"):
        assert direction.post_form(f"{page}/{act}", {"version": version}).status_int == 303
    cashier = website.account("cashier")
    assert (cashier.status, cashier.session_version) == (AccountStatus.ACTIVE, 1)
