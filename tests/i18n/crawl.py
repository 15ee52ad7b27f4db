"""Every page that somebody can reach by links and forms, and what forms answer to nonsense."""

from collections import Counter, deque
from collections.abc import Iterator
from urllib.parse import urlsplit

import webtest
from pyramid.request import Request

from views.pages import soup

MAX_OF_A_ROUTE = 3
# These end the visit, or the language that it is about.
LEFT_ALONE = ("/deconnexion", "/compte/deconnexion-partout", "/langue")
WORDS = ("text", "email", "tel", "password", "search", "number", "textarea", "date", "time")
FILLINGS = ("", "?", "x" * 600)


def pages(browser: webtest.TestApp, application, *starts: str) -> Iterator[webtest.TestResponse]:
    """The pages that can be reached from `starts`, each route a few times."""
    seen, todo, met = Counter(), deque(starts), set(starts)
    while todo:
        path = todo.popleft()
        route = route_of(application, path)
        if route is None or seen[route] >= MAX_OF_A_ROUTE:
            continue
        seen[route] += 1
        page = browser.get(path, expect_errors=True)
        while 300 <= page.status_int < 400:
            page = page.follow(expect_errors=True)
        assert page.status_int < 500, path
        if page.content_type != "text/html":
            continue
        yield page
        new = [found for found in links(page) if found not in met]
        met.update(new)
        todo.extend(new)


def answers(page: webtest.TestResponse) -> Iterator[webtest.TestResponse]:
    """What the page's forms answer when they are empty, or filled with nonsense."""
    for form in page.forms.values():
        if form.action in LEFT_ALONE or form.method.lower() != "post":
            continue
        for filling in FILLINGS:
            fill(form, filling)
            answer = form.submit(expect_errors=True)
            while 300 <= answer.status_int < 400:
                answer = answer.follow(expect_errors=True)
            assert answer.status_int < 500, form.action
            yield answer


def fill(form: webtest.Form, words: str) -> None:
    """Write the same into every field that words can be written in."""
    for fields in form.fields.values():
        for field in fields:
            if getattr(field, "attrs", {}).get("type", field.tag) in WORDS:
                field.force_value(words)


def links(page: webtest.TestResponse) -> list[str]:
    """Paths of ours that the page leads to, fragments that it polls included."""
    found = [
        tag.get("href") or tag["data-live"] for tag in soup(page).select("a[href],[data-live]")
    ]
    return [path.partition("#")[0] for path in found if path.startswith("/")]


def route_of(application, path: str) -> str | None:
    """The name of the route that answers a path."""
    found = application.routes_mapper(Request.blank(urlsplit(path).path))["route"]
    return found.name if found else None
