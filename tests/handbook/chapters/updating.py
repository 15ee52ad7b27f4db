"""« Mise à jour »: the next version, components of one's own, and what is done each morning."""

import re
import tempfile
from pathlib import Path

from distribution.build import INSIDE
from distribution.install import HOST, psql, version_of
from distribution.shopping import SHOP
from handbook.chapters.deployment import THERE
from handbook.steps import Steps
from handbook.visitors import visit
from handbook.walk import Here, Walk
from operations.update.pictures import jpeg, png

at = Steps()
HISTORY = "/city_001/historique"
PAGE = "{% extends 'layout.jinja2' %}{% block content %}<p>{{ visits }} visites</p>{% endblock %}"
# Beside those that the manual's list names, its two examples of other kinds.
MORE = """\
layout.html = OC_PIZZA.common.templates.layout.html
prices.psql = OC_PIZZA.common.prices.psql
"""
PRICES = "SELECT sum(price_cents) FROM product_size WHERE price_cents >= 1000"
PRODUCTION = f"postgresql+psycopg://ocpizza:p%40ss@{THERE}/ocpizza"
CYCLIC = "ocpizza-cyclic-update"
at.blanks = {"10.0.0.5": THERE}


@at("sudo apt update", "Mise à jour")
def the_next_version_is_there(walk: Walk, here: Here) -> None:
    walk.droplet.run("rm", "-r", INSIDE)
    walk.droplet.copy_in(walk.packages.tree / "next", INSIDE)
    here.go()


@at("sudo apt upgrade")
def settings_and_data_are_kept(walk: Walk, here: Here) -> None:
    before = psql(walk.droplet, PRICES)
    here.go()
    assert version_of(walk.droplet) == walk.packages.next
    assert psql(walk.droplet, "SELECT version_num FROM alembic_version") == "next"
    assert psql(walk.droplet, PRICES) == before
    assert visit(walk.droplet, "/health/ready").text == "ok\n"


@at("# light_components")
def the_folder_comes_with_the_manuals_examples(walk: Walk, here: Here) -> None:
    """Brought over by somebody who is no root, and moved to where updates are read."""
    files = {
        "controller.ini": here.text + MORE,
        "historic_2.6.html": PAGE,
        "historic_2.6.py": walk.take("python", "includeme"),
        "models_2.6.py": walk.take("python", "new_base"),
        "layout.html": walk.take("html"),
        "prices.psql": walk.take("sql", "UPDATE"),
        "pizza_tokyo.png": png(40, 40),
        "soda_framboise.jpg": jpeg(64, 64),
    }
    with tempfile.TemporaryDirectory() as name:
        for file, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            (Path(name) / file).write_bytes(data)
        walk.droplet.copy_in(Path(name), "/home/colleague/mise-a-jour")
    walk.droplet.run("chown", "-R", "colleague:", "/home/colleague/mise-a-jour")
    walk.type("sudo mv mise-a-jour /root/")


@at("sudo ocpizza update /root/mise-a-jour --dry-run")
def a_trial_changes_nothing(walk: Walk, here: Here) -> None:
    before = psql(walk.droplet, PRICES)
    here.go()
    assert visit(walk.droplet, HISTORY).status == 404
    assert psql(walk.droplet, PRICES) == before


@at("sudo ocpizza update /root/mise-a-jour")
def components_are_in_place(walk: Walk, here: Here) -> None:
    before, count = psql(walk.droplet, PRICES), PRICES.replace("sum(price_cents)", "50 * count(*)")
    raised = int(before) + int(psql(walk.droplet, count))
    here.go()
    for event in ("Backup-made", "Site-stopped", "Database-changed"):
        assert f"  {event} > CORRECT" in walk.said.text
    # For customers and staff, as the example says.
    assert visit(walk.droplet, HISTORY).status == 303
    assert "Fermé le 1er mai" in visit(walk.droplet, "/").text
    assert int(psql(walk.droplet, PRICES)) == raised


@at("sudo ocpizza update --remove city_001/historic.py")
def one_component_is_gone(walk: Walk, here: Here) -> None:
    here.go()
    assert visit(walk.droplet, HISTORY).status == 404


@at("sudo ocpizza update --rollback")
def it_is_back(walk: Walk, here: Here) -> None:
    here.go()
    assert visit(walk.droplet, HISTORY).status == 303
    assert psql(walk.droplet, "SELECT count(*) FROM city_001_visit") == "0"


@at("sudo systemctl enable --now ocpizza-cyclic-update@city_002.timer")
def a_restaurant_has_a_timer_of_its_own(walk: Walk, here: Here) -> None:
    here.go()
    due = walk.droplet.output("systemctl", "list-timers", f"{CYCLIC}*")
    assert len(re.findall(rf"{CYCLIC}\S*\.timer", due)) == 2
    shown = "-P", "TimersCalendar", f"{CYCLIC}@city_002.timer"
    assert "08..22/2:00:00 Europe/Paris" in walk.droplet.output("systemctl", "show", *shown)


@at("CREATE ROLE lecture LOGIN PASSWORD 'choisir-un-mot-de-passe';")
def production_lets_its_catalogue_be_read(walk: Walk, here: Here) -> None:
    """That database is as old as the walk: it gets the schema of today first."""
    migrate = f"sudo env OCPIZZA_DATABASE_URL='{PRODUCTION}' ocpizza migrate"
    walk.type(migrate)
    psql(walk.other, here.text)


@at("[cyclic_update]")
def what_production_sells_is_sold_here_in_the_morning(walk: Walk, here: Here) -> None:
    here.go()
    psql(walk.other, "UPDATE product SET name = 'Margherita du chef' WHERE slug = 'margherita'")
    walk.type("sudo ocpizza cyclic-update")
    assert "Margherita du chef" in visit(walk.droplet, SHOP, HOST).text
