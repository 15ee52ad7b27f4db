"""Managers read what their staff changed: theirs only, searched, page by page."""

from datetime import UTC, datetime, timedelta

import pytest

from factories import author_of
from ocpizza.models.staff_change import Act, Subject
from ocpizza.services.trail.record import Change, Signature, record_change
from ocpizza.services.trail.search import PAGE
from views.pages import form_of, soup, words
from views.staff.test_promotions import NEW, fill
from views.website import HERE

TRAIL = f"/equipe/{HERE}/journal"
MAX_STATEMENTS = 6


def record(website, name, *, at=None, by="manager", place="here", before=None, after=None, **more):
    """A change, as other rooms write it down."""
    restaurants = {"here": website.pizzeria, "there": website.branch}
    restaurant_id = restaurants[place].restaurant.id if place in restaurants else None
    with website.session() as session:
        author = session.merge(website.account(by))
        change = Change(
            Subject.PROMOTION, before, {} if after is None else after, restaurant_id, name, **more
        )
        record_change(session, Signature(author_of(author), at or datetime.now(UTC)), change)


def search_form(page):
    return next(form for form in page.forms.values() if form.method.lower() == "get")


def titles(page) -> list[str]:
    return [words(title.get_text()) for title in soup(page).select(".trail h2")]


def named(page) -> list[str]:
    return [title.rpartition(" · ")[2] for title in titles(page)]


def test_what_a_manager_did_to_a_promotion_is_there_before_and_after(website):
    manager = website.staff("manager")
    fill(manager, code="MIDI", name="Midi", percent="10")
    page = manager.get(f"/equipe/{HERE}/promotions")
    (path,) = (a["href"] for a in soup(page).select(".promotion-card a"))
    fill(manager, path, percent="15", minimum_cents="18")
    form_of(manager.get(path), f"{path}/supprimer").submit(status=303)
    page = manager.get(TRAIL)
    assert titles(page) == ["Promotions · MIDI"] * 3
    deleted, changed, added = (words(card.get_text(" ")) for card in soup(page).select(".trail li"))
    assert "Suppression" in deleted
    assert "par Manager Lombard Responsable" in changed
    assert "Pourcentage avant : 10 % après : 15 %" in changed
    assert "Minimum d’achats avant : 0,00 € après : 18,00 €" in changed
    assert "Titre avant" not in changed
    assert "Titre après : Midi" in added
    assert f"Restaurants après : {website.pizzeria.restaurant.name}" in added


def test_saving_a_promotion_as_it_is_leaves_no_trace(website):
    manager = website.staff("manager")
    fill(manager, code="MIDI", name="Midi", percent="10")
    (link,) = soup(manager.get(f"/equipe/{HERE}/promotions")).select(".promotion-card a")
    fill(manager, link["href"])
    assert titles(manager.get(TRAIL)) == ["Promotions · MIDI"]


def test_what_was_refused_leaves_no_trace(website):
    manager = website.staff("manager")
    fill(manager, code="MIDI", name="Midi", percent="10")
    fill(manager, NEW, code="MIDI", name="Encore", percent="10")
    assert named(manager.get(TRAIL)) == ["MIDI"]


def test_a_restaurants_manager_sees_theirs_and_the_groups_sees_all(website):
    record(website, "ICI")
    record(website, "LABAS", place="there", by="manager.city_002")
    record(website, "PARTOUT", place="group", by="direction")
    assert named(website.staff("manager").get(TRAIL)) == ["ICI"]
    page = website.staff("direction").get(TRAIL)
    assert named(page) == ["PARTOUT", "LABAS", "ICI"]
    assert "Groupe" in words(soup(page).select_one(".trail li").get_text(" "))


def test_it_is_searched_by_person_kind_and_period(website):
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    record(website, "UN", at=noon)
    record(website, "DEUX", at=noon + timedelta(days=1), by="direction")
    record(website, "TROIS", at=noon + timedelta(days=2))
    manager = website.staff("manager")
    form = search_form(manager.get(TRAIL))
    form["qui"].select(text="Manager Lombard")
    assert named(form.submit()) == ["TROIS", "UN"]
    form["au"] = "2026-03-03"
    page = form.submit()
    assert named(page) == ["UN"]
    assert search_form(page)["au"].value == "2026-03-03"
    assert named(manager.get(f"{TRAIL}?du=03/03/2026&au=03/03/2026")) == ["DEUX"]
    assert named(manager.get(f"{TRAIL}?quoi=staff")) == []


def test_a_period_counts_the_days_of_paris(website):
    # 23:30 on 2 March and 00:30 on 3 March in Paris.
    for hour, name in ((22, "SOIR"), (23, "NUIT")):
        record(website, name, at=datetime(2026, 3, 2, hour, 30, tzinfo=UTC))
    assert named(website.staff("manager").get(f"{TRAIL}?du=2026-03-03")) == ["NUIT"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("du=hier", "Not a valid date value"),
        ("du=0001-01-01", "Indiquez un jour comme"),
        ("au=9999-12-31", "Indiquez un jour comme"),
        ("du=2026-03-03&au=2026-03-02", "La fin vient avant le début."),
        ("qui=999999999999&sur=x&quoi=x&avant=-1", ""),
    ],
)
def test_what_cannot_be_read_is_said_and_narrows_nothing(website, query, said):
    record(website, "UN", at=datetime(2026, 3, 3, 12, tzinfo=UTC))
    page = website.staff("manager").get(f"{TRAIL}?{query}")
    assert named(page) == ["UN"]
    errors = [words(error.get_text()) for error in soup(page).select(".field-error")]
    assert len(errors) == bool(said)


@pytest.mark.parametrize("who", ["customer", "direction", "cashier.city_002"])
def test_a_number_in_the_address_names_nobody(website, who):
    stranger = website.account(who)
    record(website, "ICI")
    record(website, "AILLEURS", place="there", by="direction", account_id=stranger.id)
    page = website.staff("manager").get(f"{TRAIL}?sur={stranger.id}")
    assert "Seulement ce qui concerne une personne" in words(page)
    assert titles(page) == []


def test_pages_keep_what_was_searched(website):
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    for number in range(PAGE + 2):
        record(website, f"P{number}", at=noon + timedelta(minutes=number))
    record(website, "AUTRE", by="direction", at=noon)
    manager = website.staff("manager")
    page = manager.get(f"{TRAIL}?quoi=promotion&qui={website.account('manager').id}")
    assert len(named(page)) == PAGE
    older = page.click("Plus anciennes")
    assert named(older) == ["P1", "P0"]
    assert named(older.click("Les plus récentes")) == named(page)


def test_a_page_costs_few_statements(website):
    for number in range(5):
        record(website, f"P{number}", by="direction", account_id=website.account("driver").id)
    manager = website.staff("manager")
    with website.counted() as statements:
        manager.get(TRAIL)
    assert len(statements) <= MAX_STATEMENTS


def test_values_of_every_kind_are_written_for_people(website):
    after = {"active": True, "amount_cents": 350, "from_minute": 690, "weekdays": [0, 4]}
    after |= {"starts_at": "2026-03-01T07:00:00+00:00", "kind": "amount", "later_fact": "12"}
    before = dict.fromkeys(after)
    record(website, "TOUT", before=before, after=after)
    told = words(soup(website.staff("manager").get(TRAIL)).select_one(".trail").get_text(" "))
    assert str(Act.CHANGED) not in told
    for written in ("oui", "3,50 €", "11 h 30", "lundi, vendredi", "1er mars 2026, 8 h", "Montant"):
        assert f"après : {written}" in told
    assert "later_fact avant : aucun après : 12" in told
