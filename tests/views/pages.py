"""What a page says and offers, read as a visitor would."""

import re
from urllib.parse import urlsplit, urlunsplit

import webtest
from bs4 import BeautifulSoup


def form_of(page: webtest.TestResponse, action: str, **values: str) -> webtest.Form:
    """The first form on the page that posts to `action`, with these values in it already."""
    # Only the one that is wanted: webtest reads each form of a page once more.
    for found in page.html.find_all("form", action=action):
        form = webtest.Form(page, str(found))
        if form.method.lower() != "post":
            continue
        if all(name in form.fields and form[name].value == v for name, v in values.items()):
            return form
    raise AssertionError(f"no form to {action} with {values}")


def place(answer: webtest.TestResponse) -> str:
    """Where a redirect leads, without the host."""
    parts = urlsplit(answer.location)
    assert parts.netloc in ("", "localhost")
    return urlunsplit(("", "", *parts[2:]))


def soup(page: webtest.TestResponse) -> BeautifulSoup:
    """The page in its parts, read once: take none out."""
    return page.html


def words(page: webtest.TestResponse | str) -> str:
    """What a page says, without markup, on one line; unusual spaces made usual."""
    if not isinstance(page, str):
        whole = soup(page)
        page = (whole.body or whole).get_text(" ")
    return re.sub(r"\s+", " ", page.replace("\u202f", " ").replace("\xa0", " ")).strip()


def notices(page: webtest.TestResponse) -> list[str]:
    """The messages at the top of a page."""
    return [words(found.get_text()) for found in soup(page).select("#notices > *")]


def hindrances(page: webtest.TestResponse) -> list[str]:
    """What stands in the way of ordering, beside the basket's button; said nowhere else."""
    found = [words(each.get_text()) for each in soup(page).select("#obstacles, #obstacles p")]
    texts = found[1:] or found
    assert all(words(page).count(text) == 1 for text in texts)
    return texts


def designed(page: webtest.TestResponse) -> bool:
    """Whether it is a page of ours, in French, that gives nothing away."""
    html = page.text
    ours = '<html lang="fr">' in html and "<h1" in html and "app.css" in html
    return ours and "Traceback" not in html and "sqlalchemy" not in html.lower()
