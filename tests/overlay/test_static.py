"""Static files: of a restaurant, common ones, ours, each place’s under an address of its own."""

import re

import pytest
from pyramid.testing import DummyRequest

from ocpizza.overlay import static_file
from ocpizza.overlay.release import read_release
from ocpizza.overlay.statics import Statics, static_folders
from ocpizza.static_files import digest
from views.website import SHOP

OTHER = "/pizzeria/city-002"


def stylesheet(page) -> str:
    return page.html.find("link", rel="stylesheet")["href"]


def test_a_stylesheet_is_that_of_its_place(shop, put):
    put("city_001/static/app.css", "/* ours is red */")
    put("common/static/app.css", "/* the same blue for all */")
    browser = shop().browser()
    pages = (SHOP, OTHER, "/", "/nowhere", "/panier")
    addresses = [stylesheet(browser.get(path, expect_errors=True)) for path in pages]
    here, there, *_ = addresses
    assert addresses == [here, there, there, there, there]
    assert browser.get(here).text == "/* ours is red */"
    assert browser.get(there).text == "/* the same blue for all */"
    for address in (here, there):
        assert "max-age=31536000" in browser.get(address).headers["Cache-Control"]
    assert f"/{digest()}/app.js" in browser.get(SHOP)


def test_what_a_place_has_not_is_the_packages(shop, release, put):
    put("city_001/static/notes/hiver.txt", "x")
    put("update.json", "{}")
    browser = shop().browser()
    ours = f"/static/{digest()}/app.css"
    assert [stylesheet(browser.get(path)) for path in (SHOP, OTHER)] == [ours, ours]
    (folder,) = static_folders(release)
    assert browser.get(f"/static/{folder}/notes/hiver.txt").text == "x"
    for path in ("app.css", "../../update.json", "..%2f..%2fupdate.json", "notes/", ""):
        assert browser.get(f"/static/{folder}/{path}", expect_errors=True).status_int == 404


def test_two_places_with_the_same_files_have_two_addresses(release, put):
    for place in ("city_001", "city_002"):
        put(f"{place}/static/logo.png", "the same")
    found = static_folders(release)
    assert len(found) == 2
    assert all(re.fullmatch("[0-9a-f]{12}", name) for name in found)
    statics = Statics(read_release(release))
    addresses = {statics.path((place,), "logo.png") for place in ("city_001", "city_002")}
    assert addresses == {f"/static/{name}/logo.png" for name in found}
    assert statics.path(("common",), "logo.png") is None


def test_an_address_changes_with_any_file_of_its_place_alone(release, put):
    put("city_001/static/a.css", "1")
    put("city_002/static/a.css", "1")
    before = static_folders(release)
    put("city_001/static/b.css", "2")
    after = static_folders(release)
    assert len(before.keys() & after.keys()) == 1


@pytest.mark.parametrize("name", ["../app.css", "/etc/passwd", "%2e%2e/x", "é ?#.png", "nothing"])
def test_a_name_that_no_place_has_leads_into_our_own_folder(application, name):
    request = DummyRequest(script_name="", overlay_places=("city_001",))
    request.registry = application[0].registry
    address = static_file(request, name)
    assert address.startswith(f"/static/{digest()}/")
    assert not re.search("[?# é]", address)


def test_no_link_is_followed(release, put, tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/key.txt").write_text("secret")
    put("city_001/static/own.txt", "x")
    (release / "city_001/static/key.txt").symlink_to(tmp_path / "secret/key.txt")
    (release / "city_001/static/folder").symlink_to(tmp_path / "secret")
    (release / "city_002").symlink_to(release / "city_001")
    found = read_release(release).places
    assert list(found) == ["city_001"]
    assert list(found["city_001"].static) == ["own.txt"]


def test_an_icon_is_that_of_its_place_too(shop, put):
    """`.ico` is one of the types that components may have, and this is what for."""
    put("common/static/favicon.ico", "common")
    put("city_001/static/favicon.ico", "own")
    browser = shop().browser()
    icons = {
        path: browser.get(path, expect_errors=True).html.find("link", rel="icon")["href"]
        for path in (SHOP, OTHER, "/nowhere")
    }
    assert [browser.get(icon).text for icon in icons.values()] == ["own", "common", "common"]
    assert browser.get("/favicon.ico").follow().text == "common"
