"""What an update tries before anybody sees it: the application starts, and shows its pages."""

import pytest

from ocpizza.operations.update.controller import read_controller
from ocpizza.operations.update.errors import UpdateError
from ocpizza.operations.update.folder import read_folder
from ocpizza.operations.update.trial import try_release
from operations.update.pictures import png
from operations.update.updated_shop import NOW, Updated

HISTORY = """\
from pyramid.view import view_config

def includeme(config):
    config.add_route("city_001_historic", "/city_001/historique")
    config.scan()

@view_config(route_name="city_001_historic", renderer="city_001/historic.html", permission="shop")
def historic(request):
    return {"year": 1998}
"""
PAGE = "{% extends 'layout.jinja2' %}{% block content %}Depuis {{ year }}{% endblock %}"
MENU = "{% extends 'catalogue/menu.jinja2' %}"


def stage(shop: Updated, components: dict[str, str | bytes]):
    """Lay out a release as an update would, and stop there."""
    files = read_folder(shop.folder(components))
    listed = read_controller(files["controller.ini"])
    release = shop.releases.stage(NOW, "1.0", {each.target: files[each.source] for each in listed})
    return shop.releases.staging(release)


def test_pages_of_whom_it_is_for_are_looked_at(shop: Updated):
    staged = stage(shop, {"city_001.static.tokyo.png": png(), "common.templates.x.html": "x"})
    # The first page, basket, sign-in, none; menu, allergens and products of the one restaurant.
    assert try_release(shop.settings, staged) == 4 + 2 + 3


def test_a_page_of_ones_own_is_no_reason_to_refuse(shop: Updated):
    components = {
        "city_001.templates.city_001.historic.html": PAGE,
        "city_001.historic.py": HISTORY,
        "city_001.templates.catalogue.menu.html": MENU,
    }
    assert try_release(shop.settings, stage(shop, components)) > 0


@pytest.mark.parametrize(
    ("components", "said"),
    [
        (
            {"city_001.templates.catalogue.menu.html": "<p>\n{{ nobody.name }}"},
            "answers 500: UndefinedError: 'nobody' is undefined "
            "(city_001/templates/catalogue/menu.html, line 2)",
        ),
        (
            {"common.templates.error.html": "{{ nobody.name }}"},
            "/nowhere raises UndefinedError: 'nobody' is undefined",
        ),
        (
            {"common.templates.error.html": "{{ 1 // (request.response.status_int - 403) }}"},
            "/equipe raises ZeroDivisionError: ",
        ),
        ({"common.templates.layout.html": "{{ 1 / 0 }}"}, "/ answers 500: ZeroDivisionError"),
        (
            # By its own name, though another that extends it is looked at before.
            {
                "city_001.templates.city_001.historic.html": "{% extends 'layout.html' %}",
                "city_001.templates.layout.html": "{% extends 'layot.html' %}",
            },
            "city_001/templates/layout.html: there is no template layot.html",
        ),
        ({"city_001.templates.catalogue.menu.html": "{% if %}"}, "catalogue/menu.html: line 1: "),
        ({"city_001.a.py": "1 / 0"}, "city_001/a.py, line 1: ZeroDivisionError: division by zero"),
        (
            {"city_001.a.py": "def includeme(config): 1 / 0"},
            "city_001/a.py, line 1: includeme: ZeroDiv",
        ),
        ({"city_001.a.py": "import nowhere"}, "city_001/a.py, line 1: ModuleNotFoundError"),
        ({"city_001.a.py": "raise SystemExit(0)"}, "city_001/a.py, line 1: SystemExit"),
        ({"city_001.historic.py": HISTORY}, "there is no template city_001/historic.html"),
    ],
)
def test_what_does_not_start_or_does_not_show_is_one_line(shop: Updated, components, said):
    with pytest.raises(UpdateError) as refused:
        try_release(shop.settings, stage(shop, components))
    (line,) = refused.value.args
    assert said in line
    assert "\n" not in line
