"""Components put over the program's own: three real updates, one that fails, all in one droplet."""

import re

import pytest

from distribution.components import FOLDER, bring
from distribution.install import DEMO, DEPLOY_LOGS, HOST, WITH_SERVERS, installed
from distribution.shopping import SHOP
from distribution.visitors import visitors
from droplets import new_droplet
from operations.update.pictures import jpeg, png

pytestmark = pytest.mark.xdist_group("update")  # in one droplet, one after the other
REPUBLIQUE, SECOND = "city_001", "city_002"
OVERLAY = "/var/lib/ocpizza/overlay"
MODELS = """\
from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.overlay.tables import new_base

Base = new_base()


class Visit(Base):
    __tablename__ = "city_001_visit"
    at: Mapped[datetime] = mapped_column(primary_key=True)
"""
HISTORIC = """\
from sqlalchemy import func, select

from .models import Visit


def includeme(config):
    config.add_route("city_001_historic", "/city_001/historique")
    config.add_view(
        historic,
        route_name="city_001_historic",
        renderer="city_001/historic.html",
        permission="shop",
    )


def historic(request):
    return {"visits": request.db.scalar(select(func.count()).select_from(Visit))}
"""
PAGE = """\
{% extends "layout.jinja2" %}
{% block head %}
<link rel="stylesheet" href="{{ request.static_file('historic.css') }}">
{% endblock %}
{% block content %}<h1>Historique 2.6</h1><p>{{ visits }} visites</p>{% endblock %}
"""


@pytest.fixture(scope="module")
def shop(packages):
    with new_droplet("bookworm", WITH_SERVERS, installed(packages), DEMO) as droplet:
        yield droplet


def slug_of(droplet, code: str) -> str:
    return sql(droplet, f"SELECT slug FROM restaurant WHERE code = '{code}'")


def sql(droplet, query: str) -> str:
    return droplet.output("runuser", "-u", "ocpizza", "--", "psql", "-Atc", query, "ocpizza")


def test_pictures_of_one_restaurant_reach_no_other_and_no_visitor_notices(shop):
    second = f"/pizzeria/{slug_of(shop, SECOND)}"
    with visitors(shop, HOST, "/", SHOP, second, "/panier") as seen:
        done = bring(
            shop,
            pizza_regina=(f"{SECOND}.static.png", png(40, 40)),
            margherita=(f"{REPUBLIQUE}.static.jpg", jpeg(64, 64)),
        )
    assert done.returncode == 0, done.stdout
    assert seen["failures"] == []
    page, other = (shop.http(path, host=HOST).text for path in (SHOP, second))
    assert ("margherita.jpg" in page, "pizza_regina.png" in page) == (True, False)
    assert ("margherita.jpg" in other, "pizza_regina.png" in other) == (False, True)
    log = shop.read(DEPLOY_LOGS)
    for event in ("Trial-passed", "Release-switched", "Website-answers", "Update-ended"):
        assert f" : {event} > CORRECT\n" in log
    # nginx serves them by itself.
    path = re.search(r"/static/[0-9a-f]+/margherita\.jpg", page)[0]
    found = shop.http(path, host=HOST)
    assert found.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert shop.output("stat", "-c", "%a %U", f"/var/lib/ocpizza{path}") == "644 ocpizza"


def test_an_order_history_with_a_table_of_its_own_is_one_restaurants_until_one_goes_back(shop):
    done = bring(
        shop,
        historic=(f"{REPUBLIQUE}.templates.city_001.historic.html", PAGE),
        view=(f"{REPUBLIQUE}.historic.py", HISTORIC),
        models=(f"{REPUBLIQUE}.models.py", MODELS),
        style=(f"{REPUBLIQUE}.static.historic.css", "h1 { color: #d32f2f }"),
        first=(f"{REPUBLIQUE}.first.psql", "INSERT INTO city_001_visit VALUES (now());"),
    )
    assert done.returncode == 0, done.stdout
    for event in ("Backup-made", "Site-stopped", "Database-changed"):
        assert f"  {event} > CORRECT" in done.stdout
    page = "/city_001/historique"
    assert "<p>1 visites</p>" in shop.http(page, host=HOST).text
    assert shop.http("/city_002/historique", host=HOST).status == 404
    assert shop.output("ocpizza", "check") == "everything adds up"
    assert shop.run("ocpizza", "update", "--rollback").returncode == 0
    assert shop.http(page, host=HOST).status == 404
    assert sql(shop, "SELECT count(*) FROM city_001_visit") == "1"


def test_a_price_changes_for_all_once(shop):
    price = "SELECT min(price_cents) FROM product_size"
    before = int(sql(shop, price))
    raise_prices = ("common.prices.psql", "UPDATE product_size SET price_cents = price_cents + 10;")
    done = bring(shop, prices=raise_prices)
    assert done.returncode == 0, done.stdout
    assert int(sql(shop, price)) == before + 10
    again = bring(shop, prices=raise_prices)
    assert again.returncode == 1
    assert "common/prices.psql was run already, on " in again.stdout
    assert int(sql(shop, price)) == before + 10
    assert shop.http(SHOP, host=HOST).status == 200


def test_what_fails_only_in_the_service_goes_back_by_itself(shop):
    before = shop.run("readlink", f"{OVERLAY}/current", check=False).stdout
    # It passes the trial, which systemd did not start.
    sly = "import os\nif 'INVOCATION_ID' in os.environ:\n    1 / 0\n"
    done = bring(shop, sly=("common.sly.py", sly))
    assert done.returncode == 1
    assert "  Trial-passed > CORRECT" in done.stdout
    assert "  Website-answers > ERROR\n    it serves " in done.stdout
    assert " with 1 set aside\n    journalctl -u ocpizza says which\n" in done.stdout
    assert "  Earlier-release-back > CORRECT" in done.stdout
    assert shop.run("readlink", f"{OVERLAY}/current", check=False).stdout == before
    assert shop.http("/health/ready", host=HOST).status == 200


def test_nobody_but_root_puts_python_into_the_shop(shop):
    assert bring(shop, "--dry-run", x=("common.x.py", "x = 1")).returncode == 0
    shop.run("chown", "-R", "ocpizza:", FOLDER)
    refused = shop.run("ocpizza", "update", FOLDER, check=False)
    assert refused.returncode == 1
    assert f"{FOLDER} does not belong to root" in refused.stdout
    runuser = ("runuser", "-u", "ocpizza", "--")
    refused = shop.run(*runuser, "ocpizza", "update", FOLDER, check=False)
    assert refused.returncode == 1
    assert refused.stderr == f"Error: only root can do this: sudo ocpizza update {FOLDER}\n"
    # Nor does whoever takes over the service.
    pid = shop.output("systemctl", "show", "-P", "MainPID", "ocpizza")
    inside = ("nsenter", "-t", pid, "-m", *runuser, "touch")
    refused = shop.run(*inside, f"{OVERLAY}/mine", check=False)
    assert "Read-only file system" in refused.stderr
    shop.run(*inside, "/var/lib/ocpizza/mine")
