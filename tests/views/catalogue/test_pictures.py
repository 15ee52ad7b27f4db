"""The drawn pictures of products, as the shop serves them."""

import pytest

from ocpizza.pictures import ART_VERSION
from views.pages import soup
from views.website import SHOP

AT = f"/dessin/{ART_VERSION}"


def test_every_picture_of_the_menu_is_a_drawing_kept_for_ever(browser):
    for image in soup(browser.get(SHOP)).select("img"):
        answer = browser.get(image["src"])
        assert answer.content_type == "image/svg+xml"
        assert answer.text.startswith("<svg")
        assert "immutable" in answer.headers["Cache-Control"]
        assert "max-age=31536000" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        f"{AT}/pizza/tomate_mozzarella.svg",
        f"{AT}/pizza/mozzarella_mozzarella.svg",
        f"{AT}/pizza/Mozzarella.svg",
        f"{AT}/pizza/mozz%C3%A0rella.svg",
        f"{AT}/pizza/{'_'.join(f'a{n:02}' for n in range(21))}.svg",
        f"{AT}/pizza/{'a' * 41}.svg",
        f"{AT}/pizza/.svg",
        f"{AT}/sandwich/mozzarella.svg",
        f"/dessin/{ART_VERSION}0/pizza/mozzarella.svg",
        "/dessin/0/pizza/mozzarella.svg",
        f"{AT}/pizza/mozzarella.png",
    ],
)
def test_one_picture_has_one_address(browser, path):
    browser.get(path, status=404)


def test_a_page_from_before_an_upgrade_finds_its_pictures(browser):
    assert browser.get("/dessin/1/pizza/mozzarella.svg").text.startswith("<svg")


def test_a_picture_is_no_question_to_the_database(website, browser):
    with website.counted() as statements:
        browser.get(f"{AT}/pizza/mozzarella.svg")
    assert statements == []
