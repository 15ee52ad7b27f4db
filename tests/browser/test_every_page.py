"""Every page, shop and staff, for everybody: WCAG 2.2 AA in light and dark, small and large."""

from pprint import pformat

import pytest

from browser.audit import audit
from browser.open_house import OpenHouse
from browser.people import PEOPLE
from browser.sights import PIECES, SIGHTS, Sight
from views.pages import soup

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("sight", SIGHTS, ids=str)
def test_nothing_on_the_page_shuts_anybody_out(open_house: OpenHouse, look, sight: Sight):
    wrong = audit(look(sight), sight.part)
    assert not wrong, pformat(wrong, width=160)


def test_every_page_is_among_those_looked_at(open_house: OpenHouse):
    introspector = open_house.website.application.registry.introspector
    views = introspector.get_category("views")
    drawn = {
        view["introspectable"]["route_name"]
        for view in views
        if any(each.category_name == "templates" for each in view["related"])
    }
    seen = {sight.route for sight in SIGHTS}
    assert drawn - {None} - set(PIECES) - seen == set()
    assert set(PIECES.values()) <= seen


def test_titles_tell_pages_apart(open_house: OpenHouse):
    people = {sight.who: PEOPLE[sight.who](open_house) for sight in SIGHTS}
    titles: dict[str, set[str]] = {}
    for sight in SIGHTS:
        if sight.then is None:
            answer = people[sight.who].get(open_house.path_of(sight), expect_errors=True)
            if answer.status_int == 200:
                titles.setdefault(soup(answer).title.string, set()).add(sight.route)
    assert {title: routes for title, routes in titles.items() if len(routes) > 1} == {}
