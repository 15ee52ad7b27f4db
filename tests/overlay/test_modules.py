"""Python of a release: imported by itself, its views bound to their place, forgotten with it."""

import re
import sys
from pathlib import Path

import pytest
from jinja2 import Environment
from pyramid.config import Configurator

from ocpizza.overlay import OverlayError, binding
from ocpizza.overlay.binding import KNOWN
from ocpizza.overlay.build import build
from ocpizza.overlay.load import Overlay
from ocpizza.overlay.modules import Modules, forget_replaced
from ocpizza.overlay.release import read_release
from ocpizza.security.shared_pages import MARK
from views.website import SHOP

OTHER = "/pizzeria/city-002"
HEAD = """from pyramid.response import Response
from ocpizza.security.permissions import Permission
from ocpizza import resources as about
"""
MENU = (
    HEAD
    + """
def menu(context, request):
    return Response(f"{context.point.code} by %(by)s")

def includeme(config):
    config.add_view(menu, route_name="menu", permission=Permission.SHOP)
"""
)
MARKED = (
    HEAD
    + """
from pyramid.view import view_config
from .words import GREETING

@view_config(route_name="allergens", permission=Permission.SHOP)
def allergens(request):
    return Response(GREETING)

def includeme(config):
    config.scan()
"""
)
OWN = (
    HEAD
    + """
def show(request):
    return Response("own of %(by)s")

def send(request):
    return Response("sent to %(by)s")

def team(context, request):
    return Response("team of %(by)s")

def broken(request):
    raise ValueError("in the component")

def includeme(config):
    config.add_route("%(by)s_page", "/%(by)s/page")
    config.add_view(show, route_name="%(by)s_page", permission=Permission.SHOP)
    config.add_view(
        send, route_name="%(by)s_page", permission=Permission.SHOP, request_method="POST"
    )
    config.add_route("%(by)s_team", "/%(by)s/equipe/{code}", factory=about.workplace)
    config.add_view(team, route_name="%(by)s_team")
    config.add_route("%(by)s_broken", "/%(by)s/broken")
    config.add_view(broken, route_name="%(by)s_broken", permission=Permission.SHOP)
"""
)


def test_a_view_replaces_the_page_of_its_restaurant_alone(shop, put):
    put("city_001/pages.py", MENU % {"by": "city_001"})
    put("city_001/sub/marked.py", MARKED)
    put("city_001/sub/words.py", "GREETING = 'allergènes d’ici'")
    browser = shop().browser()
    assert browser.get(SHOP).text == "city_001 by city_001"
    assert browser.get(f"{SHOP}/allergenes").text == "allergènes d’ici"
    assert "Margherita" in browser.get(OTHER)
    assert "allergènes d’ici" not in browser.get(f"{OTHER}/allergenes")
    assert browser.post(SHOP, expect_errors=True).status_int == 405


def test_what_a_component_shows_is_kept_by_nobody_else_whatever_it_says(shop, put):
    says_so = MENU.replace(' by %(by)s"', '", headers=[("X-Accel-Expires", "9")]')
    put("city_001/pages.py", says_so.replace("{context.point.code}", "own"))
    browser = shop().browser()
    assert browser.get(SHOP).text == "own"
    assert MARK not in browser.get(SHOP).headers
    assert MARK in browser.get(OTHER).headers


def test_the_nearest_view_counts(shop, put):
    put("common/pages.py", MENU % {"by": "common"})
    put("city_001/pages.py", MENU % {"by": "city_001"})
    browser = shop().browser()
    assert browser.get(SHOP).text == "city_001 by city_001"
    assert browser.get(OTHER).text == "city_002 by common"


def test_pages_of_its_own(shop, put):
    """Rights, posts from elsewhere, headers and errors are for them as for ours."""
    for by in ("city_001", "city_002"):
        put(f"{by}/own.py", OWN % {"by": by})
    website = shop()
    browser = website.browser()
    assert browser.get("/city_001/page").text == "own of city_001"
    assert browser.get("/city_002/page").text == "own of city_002"
    assert browser.get("/city_003/page", expect_errors=True).status_int == 404
    answer = browser.get("/city_001/page")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert browser.post("/city_001/page").text == "sent to city_001"
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    refused = browser.post("/city_001/page", headers=elsewhere, expect_errors=True)
    assert refused.status_int == 400
    assert browser.delete("/city_001/page", expect_errors=True).status_int == 405
    assert browser.get("/city_001/equipe/city_001").status_int == 303
    manager = website.staff("manager")
    assert manager.get("/city_001/equipe/city_001").text == "team of city_001"
    assert manager.get("/city_001/equipe/city_002", expect_errors=True).status_int == 404
    assert manager.get("/city_002/equipe/city_002", expect_errors=True).status_int == 403
    everywhere = website.staff("direction")
    assert everywhere.get("/city_002/equipe/city_002").text == "team of city_002"
    assert everywhere.get("/city_001/equipe/city_002", expect_errors=True).status_int == 404
    assert "Un problème de notre côté" in browser.get("/city_001/broken", status=500)


WRONG = {
    "def": "SyntaxError: ",
    "import nothing_that_is_there": "ModuleNotFoundError: No module named 'nothing_that_is_there'",
    "raise SystemExit(3)": "SystemExit: 3",
    "import asyncio\nraise asyncio.CancelledError": "line 2: CancelledError",
    "raise KeyboardInterrupt": "line 1: KeyboardInterrupt",
    "class Own(BaseException):\n def __str__(self): 1 / 0\nraise Own": "line 3: Own",
    "def includeme(config): raise GeneratorExit": "line 1: includeme: GeneratorExit",
    "def includeme(config):\n raise KeyboardInterrupt": "line 2: includeme: KeyboardInterrupt",
    "def includeme(config): 1 / 0": "line 1: includeme: ZeroDivisionError: division by zero",
    "def includeme(config): config.set_security_policy(None)": "includeme: AttributeError: ",
    "def includeme(config): config.add_route('page', '/city_001/x')": (
        "route page: its name must begin with city_001_"
    ),
    "def includeme(config): config.add_route('city_001_x', '/panier')": (
        "route city_001_x: its address must begin with /city_001/"
    ),
    "def includeme(config): config.add_view(print, route_name='nowhere')": (
        "a view is for route nowhere, which is none of this place"
    ),
    "def includeme(config): config.add_view(print, route_name='menu', require_csrf=False)": (
        "a view says require_csrf, which components may not"
    ),
    "def includeme(config): config.add_view(print, route_name='menu', shared=True)": (
        "a view says shared, which components may not"
    ),
    "def includeme(config): config.add_view(print, route_name='menu', permission='all')": (
        "there is no permission all"
    ),
    "def includeme(config): config.add_view(print, route_name='menu', renderer='own.html')": (
        "there is no template own.html"
    ),
    "def includeme(config):\n for _ in 'ab': config.add_route('city_001_x', '/city_001/x' + _)": (
        "includeme: ConfigurationConflictError: "
    ),
    "from ocpizza.db import Base\nclass Visit(Base): __tablename__ = 'city_001_visit'": (
        "TypeError: tables of an update have a base of their own: new_base()"
    ),
}


def include(release: Path, base: Environment) -> None:
    """Do the last of what makes an application, which is what asks components."""
    overlay = Overlay(release, strict=True)
    overlay.compile_templates(base)
    try:
        with Configurator() as config:
            config.registry["overlay"] = overlay
            config.include(binding)
    finally:
        overlay.modules.forget()


@pytest.mark.parametrize("content", WRONG, ids=map(str, range(len(WRONG))))
def test_python_that_does_not_fit_is_refused_in_one_line(application, release, put, content):
    put("city_001/page.py", content)
    names = set(sys.modules)
    with pytest.raises(OverlayError) as refused:
        include(release, application[0].registry["overlay"].templates.base)
    said = str(refused.value)
    where = r"city_001/page\.py" + ("" if WRONG[content].startswith("line") else r"(, line \d+)?:")
    assert re.fullmatch(f"{where}[, ]+{re.escape(WRONG[content])}.*", said)
    assert "\n" not in str(refused.value)
    assert not any(name.startswith("ocpizza_overlay") for name in set(sys.modules) - names)


@pytest.mark.parametrize("content", ["{}", "def includeme(config):\n    {}"])
def test_a_real_interrupt_ends_the_process(application, release, put, content):
    put("city_001/page.py", "import signal\n" + content.format("signal.raise_signal(2)"))
    with pytest.raises(KeyboardInterrupt):
        include(release, application[0].registry["overlay"].templates.base)


def test_whatever_a_release_raises_the_site_starts(settings, release, put, monkeypatch):
    def refuse(*_):
        raise RuntimeError("a newer library")

    put("common/templates/own.html", "x")
    monkeypatch.setattr("ocpizza.overlay.load.Templates", refuse)
    with pytest.raises(RuntimeError):
        build(settings, release, strict=True)
    monkeypatch.setattr(
        "ocpizza.overlay.load.Templates", lambda read, base: refuse() if read.places else {}
    )
    assert build(settings, release).registry["overlay"].release.places == {}


def test_what_does_not_fit_is_set_aside_alone(shop, put):
    put("city_001/broken.py", "raise ValueError('at import')")
    put("city_001/needs.py", "from .broken import x\n" + MENU % {"by": "nobody"})
    put("city_001/late.py", "def includeme(config): config.add_view(print, route_name='nowhere')")
    put("city_001/fits.py", MARKED.replace("from .words import GREETING", "GREETING = 'bien'"))
    put("city_001/models.py", "from ocpizza.overlay.tables import new_base\n" + VISIT % "visit")
    put("city_002/pages.py", MENU % {"by": "city_002"})
    website = shop(strict=False)
    browser = website.browser()
    assert "Margherita" in browser.get(SHOP)
    assert browser.get(f"{SHOP}/allergenes").text == "bien"
    assert browser.get(OTHER).text == "city_002 by city_002"
    aside = {e.component: e.reason for e in website.application.registry["overlay"].set_aside}
    assert aside.keys() == {f"city_001/{name}.py" for name in ("broken", "needs", "late", "models")}
    assert aside["city_001/broken.py"] == "ValueError: at import"


VISIT = """
from sqlalchemy.orm import Mapped, mapped_column
Base = new_base()
class Visit(Base):
    __tablename__ = "%s"
    id: Mapped[int] = mapped_column(primary_key=True)
"""


def test_nothing_is_shared_or_written_and_nothing_stays(release, put):
    path = put("city_001/models.py", "seen = []")
    put("city_001/other.py", "from . import models\nfrom .models import seen\nseen.append(1)")
    put("common/models.py", "seen = []")
    first, second = Modules(read_release(release)), Modules(read_release(release))
    for modules in (first, second):
        modules.load()
    held = [one.module for modules in (first, second) for one in modules.components]
    assert len({id(module.seen) for module in held}) == 4
    assert sorted(path.parent.iterdir()) == [path, path.with_name("other.py")]
    forget_replaced()
    left = {name for name in sys.modules if name.startswith("ocpizza_overlay")}
    assert left
    assert all(name.split(".")[0] == second.root for name in left)
    second.forget()
    assert not any(name.startswith(second.root) for name in sys.modules)
    assert second not in sys.meta_path


def test_bytecode_beside_it_is_not_read(release, put):
    put("city_001/__pycache__/words.cpython-311.pyc", b"nonsense")
    put("city_001/words.py", "x = 1")
    modules = Modules(read_release(release))
    modules.load()
    assert [one.module.x for one in modules.components] == [1]
    modules.forget()


def test_the_site_stays_up_where_a_release_cannot_be_read(settings, release, put, monkeypatch):
    put("city_001/static/app.css", "x")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("ocpizza.overlay.load.read_release", refuse)
    monkeypatch.setattr(
        "ocpizza.overlay.load.Overlay._read",
        lambda self: refuse() if self._folder else read_release(None),
    )
    assert build(settings, release).registry["overlay"].release.places == {}


def test_a_view_says_nothing_that_could_have_a_farther_one_come_first(application):
    """Pyramid asks views with more conditions first: ours have one at most, and say no more."""
    known = {"route_name", "renderer", "permission", "request_method", "attr", "decorator"}
    assert known == KNOWN
    views = application[0].registry.introspector.get_category("views")
    conditions = ("xhr", "accept", "header", "path_info", "match_param", "request_param")
    said = [view["introspectable"] for view in views]
    assert len(said) > 80
    assert [v["derived_callable"] for v in said if any(v.get(name) for name in conditions)] == []
