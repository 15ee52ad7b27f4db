"""Three updates as customers make them, each seen where it belongs and nowhere else."""

import re
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from databases import BACKENDS, counted_statements
from ocpizza.overlay.build import create_tables, trial
from views.pages import words
from views.website import SHOP

OTHER = "/pizzeria/city-002"


@pytest.fixture(params=BACKENDS)
def backend(request) -> str:
    return request.param


def stylesheet(page) -> str:
    return page.html.find("link", rel="stylesheet")["href"]


HISTORY = {
    "city_001/models.py": """
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.models.account import Account
from ocpizza.overlay.tables import new_base

Base = new_base()


class Visit(Base):
    __tablename__ = "city_001_visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"))
    at: Mapped[datetime]
""",
    "city_001/historic.py": """
from sqlalchemy import func, select
from pyramid.httpexceptions import HTTPSeeOther

from ocpizza.models.order import Order
from ocpizza.models.restaurant import Restaurant
from ocpizza.security.permissions import Permission

from .models import Visit


def show(request):
    who = request.signed_in.account_id
    mine = select(Order).where(Order.account_id == who)
    here = mine.join(Restaurant).where(Restaurant.code == "city_001")
    visits = select(func.count()).select_from(Visit).where(Visit.account_id == who)
    return {"orders": request.db.scalars(here).all(), "visits": request.db.scalar(visits)}


def note(request):
    request.db.add(Visit(account_id=request.signed_in.account_id, at=request.now))
    return HTTPSeeOther(request.route_path("city_001_historic"))


def includeme(config):
    page = {"route_name": "city_001_historic", "permission": Permission.ACCOUNT}
    config.add_route("city_001_historic", "/city_001/historique")
    config.add_view(show, renderer="city_001/historic.html", **page)
    config.add_view(note, request_method="POST", **page)
""",
    "city_001/templates/city_001/historic.html": """
{% extends 'layout.jinja2' %}
{% block title %}Historique 2.6{% endblock %}
{% block content %}
<h1>Historique 2.6</h1>
<p>{{ orders|length }} commande, {{ visits }} visite</p>
<ul>
{% for order in orders %}<li>{{ order.number }} le {{ order.placed_at|day }}</li>{% endfor %}
</ul>
<form method="post">{{ m.csrf() }}<button>Je suis passé</button></form>
{% endblock %}
""",
    "city_001/static/app.css": "/* 2.6 */",
}


def test_an_order_history_for_one_restaurant(shop, release, put):
    for name, content in HISTORY.items():
        put(name, content)
    website = shop()
    with website.engine.begin() as connection:
        create_tables(connection, release)
    customer = website.staff("customer")
    customer.add("margherita")
    order = customer.order()
    page = customer.get("/city_001/historique")
    assert "Historique 2.6 1 commande, 0 visite" in words(page)
    assert re.search("[0-9A-Z]{4}-[0-9A-Z]{4}", words(page))[0] in words(order)
    assert customer.get(stylesheet(page)).text == "/* 2.6 */"
    (form,) = (form for form in page.forms.values() if "Je suis passé" in form.text)
    assert "1 visite" in words(form.submit().follow())
    with Session(website.engine) as session:
        assert session.scalar(text("SELECT count(*) FROM city_001_visit")) == 1
    stranger = website.browser()
    answer = stranger.get("/city_001/historique")
    assert "/connexion" in answer.location
    assert answer.headers["Cache-Control"] == "no-store"
    for visitor, path in ((customer, OTHER), (customer, "/compte/commandes"), (customer, "/")):
        there = visitor.get(path)
        assert "/* 2.6 */" not in visitor.get(stylesheet(there)).text
    assert customer.get("/city_002/historique", expect_errors=True).status_int == 404


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_common_layout(shop, put):
    put(
        "common/templates/layout.html",
        "{% extends 'layout.jinja2' %}{% block announcement %}<p>Fermé le 1er mai</p>"
        "{% endblock %}",
    )
    website = shop()
    for path in (SHOP, OTHER, "/", "/connexion", "/panier", "/allergenes"):
        assert "Fermé le 1er mai" in website.browser().get(path), path
    board = website.staff("manager").get("/equipe/city_001/cuisine")
    assert "Fermé le 1er mai" in board


def test_pages_about_a_basket_or_an_order_are_its_restaurants(shop, put):
    put(
        "city_001/templates/layout.html",
        "{% extends 'layout.jinja2' %}{% block announcement %}<p>chez nous</p>{% endblock %}",
    )
    put(
        "city_002/templates/layout.html",
        "{% extends 'layout.jinja2' %}{% block announcement %}<p>chez eux</p>{% endblock %}",
    )
    website = shop()
    browser = website.browser()
    for shop_path, ours, theirs in (
        (SHOP, "chez nous", "chez eux"),
        (OTHER, "chez eux", "chez nous"),
    ):
        browser = website.browser()
        assert ours not in browser.get("/panier")
        browser.add("margherita", shop=shop_path)
        for path in ("/panier", "/commande"):
            page = browser.get(path)
            assert ours in page
            assert theirs not in page
        browser.give_details()
        assert ours in browser.get("/commande")
        tracking = browser.payment_form("cash").submit(status=303).follow()
        assert ours in tracking
        assert theirs not in tracking
        assert ours not in browser.get("/")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("there", [("common",), ("city_001", "common")])
def test_only_a_restaurants_own_components_cost_a_statement(shop, put, there, backend):
    """And then one, on pages about an order or a basket, which do not name it otherwise."""
    for place in there:
        put(f"{place}/templates/own.html", "x")
        put(f"{place}/static/app.css", place)
    website = shop()
    browser = website.browser()
    counts = {}
    browser.add("margherita")
    tracking = browser.order()
    browser.add("margherita")
    for path in (SHOP, OTHER, "/", "/panier", tracking.request.path, "/nowhere"):
        browser.get(path, expect_errors=True)
        with counted_statements(website.engine) as seen:
            browser.get(path, expect_errors=True)
        counts[path] = [one for one in seen if "restaurant.code \nFROM restaurant" in one]
    own = {"/panier", tracking.request.path} if "city_001" in there else set()
    assert {path: len(found) for path, found in counts.items()} == {
        path: int(path in own) for path in counts
    }


def test_a_trial_changes_nothing(settings, release, put):
    for name, content in HISTORY.items():
        put(name, content)
    before = sorted(path.as_posix() for path in release.rglob("*"))
    trial(settings, release)
    assert sorted(path.as_posix() for path in release.rglob("*")) == before


def test_the_manuals_examples_fit(settings, release, put):
    """What docs/exploitation.md shows of components, put where it says."""
    manual = (Path(__file__).parents[2] / "docs/exploitation.md").read_text(encoding="utf-8")
    section = manual.split("### Ce que peut être un composant")[1].split("\n### ")[0]
    blocks = re.findall("```(html|python)\n(.*?)```", section, re.DOTALL)
    names = (
        ("html", "common/templates/layout.html"),
        ("python", "city_001/historic.py"),
        ("python", "city_001/models.py"),
    )
    for (kind, content), (expected, name) in zip(blocks, names, strict=True):
        assert kind == expected
        put(name, content)
    put("city_001/templates/city_001/historic.html", "{{ visits }}")
    trial(settings, release)
