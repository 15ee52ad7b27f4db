"""`ocpizza update`, as somebody types it: the trial, tables and SQL in processes of their own."""

import re

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from commands import run
from factories import make_pizzeria

CONTROLLER = """\
# light_components
# heavy_components
historic_2.6.hmtl = OC_PIZZA.city_001.templates.city_001.historic.html
historic_2.6.py = OC_PIZZA.city_001.historic.py
models_2.6.py = OC_PIZZA.city_001.models.py
first_2.6.psql = OC_PIZZA.city_001.first.psql
"""
MODELS = """\
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.overlay.tables import new_base

Base = new_base()

class Opening(Base):
    __tablename__ = "city_001_opening"
    year: Mapped[int] = mapped_column(primary_key=True)
"""
HISTORIC = """\
from sqlalchemy import select

from .models import Opening

def includeme(config):
    config.add_route("city_001_historic", "/city_001/historique")
    config.add_view(
        historic,
        route_name="city_001_historic",
        renderer="city_001/historic.html",
        permission="shop",
    )

def historic(request):
    return {"years": request.db.scalars(select(Opening.year)).all()}
"""
ALONE = "name a folder, or give --list, --rollback, --remove or --resume alone"
FILES = {
    "controller.ini": CONTROLLER,
    "historic_2.6.hmtl": "{% for year in years %}<p>{{ year }}</p>{% endfor %}",
    "historic_2.6.py": HISTORIC,
    "models_2.6.py": MODELS,
    "first_2.6.psql": "INSERT INTO city_001_opening (year) VALUES (1998);",
}


@pytest.fixture
def shop(committed_database):
    with Session(committed_database) as session, session.begin():
        make_pizzeria(session)
    committed_database.dispose()
    return committed_database


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "update-2.6"
    path.mkdir(0o755)
    for name, content in FILES.items():
        (path / name).write_text(content)
    return path


def test_a_table_its_first_row_and_a_page_come_together(shop, config, folder):
    done = run(config, "update", str(folder))
    assert done.exit_code == 0, done.output
    assert "historic_2.6.hmtl becomes city_001/templates/city_001/historic.html" in done.stdout
    assert re.search(r"Trial-passed > CORRECT\n    \d+ pages\n", done.stdout)
    assert "Database-changed > CORRECT" in done.stdout
    with shop.connect() as connection:
        assert connection.scalar(text("SELECT year FROM city_001_opening")) == 1998
    listed = run(config, "update", "--list").stdout.splitlines()
    assert re.fullmatch(
        r"\* \d{8}_\d{6}_\d{6}  city_001/t.*models.py, .* \(ocpizza .*\)", listed[0]
    )
    assert listed[1:] == ["  the program's own"]
    back = run(config, "update", "--rollback")
    assert back.exit_code == 0, back.output
    assert run(config, "update", "--list").stdout.splitlines()[1:] == ["* the program's own"]
    # Files alone go back.
    assert inspect(shop).has_table("city_001_opening")


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_the_trial_says_is_one_line_below_its_event(shop, config, folder):
    (folder / "historic_2.6.hmtl").write_text("{% for %}")
    failed = run(config, "update", str(folder))
    assert failed.exit_code == 1
    lines = failed.stdout.splitlines()
    at = lines.index("  Trial-passed > ERROR")
    assert lines[at + 1].startswith("    city_001/templates/city_001/historic.html: line 1: ")
    assert lines[at + 2] == "  Release-unstaged > CORRECT"
    assert not inspect(shop).has_table("city_001_opening")
    assert run(config, "update", "--list").stdout == "* the program's own\n"


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], ALONE),
        (["nowhere", "--list"], ALONE),
        (["--rollback", "--list"], ALONE),
        (["--rollback", "--dry-run"], "--dry-run and --again are about a folder"),
        (["--rollback", "--remove", "a"], ALONE),
        (["--resume", "--list"], ALONE),
        (["--list", "--again"], "--dry-run and --again are about a folder"),
    ],
)
def test_what_makes_no_sense_is_said_in_one_line(config, words, said):
    refused = run(config, "update", *words)
    assert refused.exit_code == 2
    assert refused.stderr.splitlines()[-1] == f"Error: {said}"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_folder_that_is_not_there_is_an_error_of_the_first_event(config):
    failed = run(config, "update", "/nowhere")
    assert failed.exit_code == 1
    assert "cannot read the folder /nowhere: No such file or directory" in failed.stdout
    assert failed.stdout.splitlines()[-1].startswith("Error: the site is as it was; mend the cause")
