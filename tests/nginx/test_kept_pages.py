"""Pages that nginx keeps for a second: which, for whom, and that nobody else's are kept."""

import gzip
import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyramid.interfaces import IRoutesMapper

import ocpizza
from databases import MIGRATIONS
from droplets.waiting import wait_until
from nginx.behind import answering
from nginx.server import SHIPPED, Answer, Nginx
from nginx.test_site import FORM, secure
from ocpizza.i18n.negotiation import accepted
from ocpizza.operations.probe import Site, probe
from ocpizza.routes import ROUTES
from ocpizza.settings import load_settings
from security.test_methods import PARTS
from security.test_shared_pages import LANGUAGES, SHARED

Found = TypeVar("Found")
MENU = "/pizzeria/paris-republique"
PRODUCT = f"{MENU}/margherita"
FR, EN = LANGUAGES["fr"], LANGUAGES["en"]
DEMO = PARTS | {"restaurant": "paris-republique"}
KEY = re.compile(rb"^KEY: (\S+) (\S+) (\S+) (\S+) (\S*) (.*)$", re.M)


@dataclass
class Stub:
    """A site that answers every address as it is told, and counts who asks."""

    socket: Path
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"X-Accel-Expires": "1"})
    asked: list[str] = field(default_factory=list)
    # Answers wait for it.
    open: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def stub(tmp_path) -> Iterator[Stub]:
    """Answers with what it was asked, head and all, marked as a page that may be kept."""
    stub = Stub(tmp_path / "stub.sock")
    stub.open.set()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            stub.asked.append(self.path)
            stub.open.wait(60)
            length = int(self.headers.get("Content-Length") or 0)
            body = f"{self.requestline}\n{self.headers}{len(stub.asked)}".encode()
            self.rfile.read(length)
            self.send_response(stub.status)
            for name, value in stub.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = do_GET

        def log_message(self, *_) -> None:
            """Quiet."""

    with answering(stub.socket, Answering):
        yield stub


@pytest.fixture
def keeping(nginx, stub, state) -> Iterator[Nginx]:
    """Before the stub."""
    nginx.install(stub.socket, state)
    with nginx.running():
        yield nginx


def within_a_second(act: Callable[[], Found]) -> Found:
    """What `act` gives, done as often as it takes for all of it to be in one second."""
    for _ in range(20):
        before = int(time.time())
        found = act()
        if int(time.time()) == before:
            return found
    raise AssertionError("not once in a second")


def keys(nginx: Nginx) -> set[tuple[str, ...]]:
    """(scheme, host, time, address, encoding, language) of every page that is kept now."""
    found = set()
    for file in nginx.pages.iterdir():
        try:
            found.update(KEY.findall(file.read_bytes()[:4000]))
        except FileNotFoundError:
            continue  # its time was over
    return {tuple(part.decode() for part in key) for key in found}


def addresses(nginx: Nginx) -> set[str]:
    return {key[3] for key in keys(nginx)}


def kept_after(nginx: Nginx, *asked: tuple[str, dict]) -> set[str]:
    """What is kept when these were asked for; nginx stores a page after it was sent."""
    found = set()
    for path, more in (*asked, ("/?last", {})):
        nginx.ask(path, **more)
        found |= addresses(nginx)
    wait_until(lambda: "/?last" in addresses(nginx), 60, "the last one")
    return (found | addresses(nginx)) - {"/?last"}


@pytest.fixture(scope="module")
def paths(tmp_path_factory) -> dict[str, str]:
    """An address of every route."""
    folder = tmp_path_factory.mktemp("routes")
    ini = folder / "ocpizza.ini"
    ini.write_text(
        f"[database]\nurl = sqlite:///{folder}/none\nmigrations = {MIGRATIONS}\n"
        "[session]\nsecret_file = key\n"
    )
    application = ocpizza.main(load_settings(ini, environment={}))
    mapper = application.registry.getUtility(IRoutesMapper)
    return {name: mapper.get_route(name).generate(DEMO) for name, _pattern, _about in ROUTES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_every_route_only_the_public_catalogue_is_kept(shop, paths, language):
    said = {"Accept_Language": LANGUAGES[language]}
    assert set(paths) == {name for name, _pattern, _about in ROUTES}
    asked = [(path, said | {"method": method}) for path in paths.values() for method in METHODS]
    assert kept_after(shop, *asked) == {paths[route] for route in SHARED}


METHODS = ("GET", "HEAD", "POST", "PUT", "OPTIONS")


def test_what_is_kept_is_given_to_the_next_one_as_it_was(shop, paths):
    for route in SHARED:
        for said in LANGUAGES.values():
            ask = lambda: shop.ask(paths[route], Accept_Language=said)  # noqa: B023, E731
            first, second = within_a_second(lambda: (ask(), ask()))  # noqa: B023
            assert first.body == second.body
            assert dict(first.headers) == dict(second.headers)
            assert first.headers.get_all("Cache-Control") == ["no-cache, private"]
            assert "Cookie" in ", ".join(first.headers.get_all("Vary"))
            assert "Accept-Language" in ", ".join(first.headers.get_all("Vary"))
            assert not [name for name in first.headers if name.startswith("X-Accel")]
            assert secure(second)
    shop.wait_for_the_log()
    assert shop.log().count("kept=HIT") >= 2 * len(SHARED)


def test_nothing_is_kept_of_a_restaurant_that_is_not_there(shop):
    asked = [
        (path, {}) for path in ("/pizzeria/nulle-part", f"{MENU}/nulle-part", f"{MENU}/ajouter")
    ]
    assert kept_after(shop, *asked, ("/?code_postal=%ff", {})) == set()


def test_each_gets_what_they_asked_for(keeping, stub):
    """Host, scheme, address, language, compression: the answer is to the very same question."""
    asked = [
        (path, host, said, encoding)
        for path in ("/", "/?a=1", "/?a=2", MENU, "/pizzeria/lyon-bellecour", f"{MENU}?_LOCALE_=en")
        for host in ("www.ocpizza.fr", "ocpizza.fr", "ocpizza.fr:81", "127.0.0.1", "evil.example")
        for said in (FR, EN, "", "de", "en;q=0.1,fr", " fr gzip")
        for encoding in ("", "gzip", "gzip, br", "br", "gzip;q=0")
    ]
    lot = random.Random(1)
    for path, host, said, encoding in lot.sample(asked, 300) * 2:
        more = {"Accept_Language": said} if said else {}
        more |= {"Accept_Encoding": encoding} if encoding else {}
        answer = keeping.ask(path, host=host, **more)
        body = answer.body
        if answer.headers["Content-Encoding"] == "gzip" and body[:2] == b"\x1f\x8b":
            body = gzip.decompress(body)
        text = body.decode()
        assert text.startswith(f"GET {path} HTTP/1.")
        told = dict(re.findall("(?m)^([A-Za-z-]+): (.*)$", text))
        assert told["Host"] == host
        assert accepted(told.get("Accept-Language", "")) == accepted(said)
        assert told.get("Accept-Encoding", "") in ("", "gzip" if "gzip" in encoding else "")
    assert len(stub.asked) < 600


def test_pages_over_https_are_others(nginx, stub, state):
    nginx.install(stub.socket, state)
    nginx.certify()
    with nginx.running():
        for tls in (False, True, False, True):
            scheme = "https" if tls else "http"
            answer = within_a_second(lambda: nginx.ask("/", tls=tls))  # noqa: B023
            assert f"X-Forwarded-Proto: {scheme}\n" in answer.text
            assert ("Strict-Transport-Security" in answer.headers) is tls


EVERYTHING = {
    "User_Agent": "SECRET",
    "Referer": "http://www.ocpizza.fr/suivi/SECRET",
    "Accept": "SECRET/html",
    "Range": "bytes=0-9",
    "If_None_Match": '"SECRET"',
    "If_Modified_Since": "SECRET",
    "X_Forwarded_For": "SECRET",
    "X_Real_IP": "SECRET",
    "X_Accel_Expires": "SECRET",
    "Cache_Control": "SECRET",
    "Sec_Fetch_Site": "SECRET",
    "Content_Type": "text/SECRET",
    "X_Anything": "SECRET",
}


def test_the_site_is_told_nothing_that_is_not_in_the_key(keeping):
    answer = keeping.ask("/", "GET", b"SECRET", Accept_Language=FR, **EVERYTHING)
    assert answer.status == 200
    assert "SECRET" not in answer.text
    told = dict(re.findall("(?m)^([A-Za-z-]+): (.*)$", answer.text))
    assert told == {
        "Host": "www.ocpizza.fr",
        "X-Forwarded-Proto": "http",
        "Accept-Language": "fr",
        "Connection": "close",
    }


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/", {"Cookie": "ocpizza=1"}),
        ("/", {"Cookie": "__Host-ocpizza=1"}),
        ("/", {"Cookie": "anything"}),
        ("/", {"Cookie": " :fr:/ "}),
        ("/", {"Authorization": "Basic eDp5"}),
        ("/", {"HX_Request": "true"}),
        ("/", {"method": "POST", "body": b"x=1"}),
        ("/", {"method": "PUT"}),
        ("/", {"method": "OPTIONS"}),
        ("/?" + "x" * 250, {}),
        (MENU, {"Accept_Language": "fr," * 50}),
        ("/panier", {}),
        ("/suivi/" + "t" * 43, {}),
        ("/connexion", {}),
        (f"{PRODUCT}/choix", {}),
        ("/PIZZERIA/x", {}),
        ("/nulle-part", {}),
    ],
    ids=str,
)
def test_whoever_brings_anything_asks_the_site_itself(keeping, stub, path, more):
    for count in (1, 2, 3):
        answer = keeping.ask(path, X_Anything="PASSED", **more)
        assert len(stub.asked) == count
        assert "X-Anything: PASSED" in answer.text
        for name in more.keys() - {"method", "body"}:
            assert more[name].strip() in answer.text
    assert list(keeping.pages.iterdir()) == []


@pytest.mark.parametrize(
    "status", [200, 201, 301, 303, 400, 403, 404, 405, 410, 422, 429, 500, 503]
)
@pytest.mark.parametrize("marked", [True, False])
def test_no_error_is_kept_and_no_page_without_the_mark(keeping, stub, status, marked):
    stub.status = status
    stub.headers = {"X-Accel-Expires": "1"} if marked else {}
    stub.headers |= {
        "Cache-Control": "public, max-age=3600",
        "Expires": "Thu, 31 Dec 2037 23:55:55 GMT",
        "ETag": '"x"',
        "Location": "/",
    }
    asked = within_a_second(lambda: _asked_twice(keeping, stub, MENU))
    assert asked == (1 if marked and status == 200 else 2)


def _asked_twice(nginx: Nginx, stub: Stub, path: str) -> int:
    """How often the site is asked when two ask for a new page, one after the other."""
    before = len(stub.asked)
    for _ in range(2):
        nginx.ask(f"{path}?{before}")
    return len(stub.asked) - before


@pytest.mark.parametrize(
    "headers", [{"Set-Cookie": "ocpizza=1"}, {"X-Accel-Expires": "0"}, {"X-Accel-Expires": "@1"}]
)
def test_a_page_with_a_cookie_in_it_is_not_kept(keeping, stub, headers):
    stub.headers |= headers
    assert within_a_second(lambda: _asked_twice(keeping, stub, MENU)) == 2


def test_no_page_is_older_than_a_second(keeping, stub):
    def ask() -> tuple[int, int]:
        second = int(time.time())
        return second, int(keeping.ask("/").text.rsplit("\n", 1)[1])

    seen: dict[int, set[int]] = {}
    end = time.time() + 2.5
    while time.time() < end:
        second, page = within_a_second(ask)
        seen.setdefault(page, set()).add(second)
    assert len(seen) >= 3
    assert all(len(seconds) == 1 for seconds in seen.values())
    assert len(stub.asked) < 10


def test_of_many_at_once_one_asks_the_site(keeping, stub):
    many = 20

    def stampede() -> int | None:
        """How often the site was asked; None where it took too long to be sure of."""
        begun, before = time.time(), len(stub.asked)
        stub.open.clear()
        with ThreadPoolExecutor(many) as pool:
            asking = [pool.submit(keeping.ask, f"{MENU}?{before}") for _ in range(many)]
            wait_until(lambda: len(stub.asked) > before, 60, "the first")
            stub.open.set()
            answers = {each.result().text for each in asking}
        in_time = int(begun) == int(time.time()) and time.time() - begun < 0.6
        return len(stub.asked) - before if in_time and len(answers) == 1 else None

    assert wait_until(stampede, 60, "a stampede within a second") == 1


@pytest.mark.parametrize(
    "query", ["code_postal=75011", "mode=takeaway&code_postal=", "sans=milk&recherche=regina"]
)
def test_who_says_or_looks_for_something_waits_for_nobody(keeping, stub, query):
    stub.open.clear()
    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(keeping.ask, f"{MENU}?{query}") for _ in range(4)]
        wait_until(lambda: len(stub.asked) == 4, 60, "all of them")
        stub.open.set()
        assert all(each.result().status == 200 for each in asking)
    assert addresses(keeping) == set()


def test_nobody_fills_the_memory_with_addresses_that_they_invent(keeping):
    most = 0
    for number in range(1200):
        assert keeping.ask(f"/?{number}").status == 200
        if number % 20 == 0:
            most = max(most, len(list(keeping.pages.iterdir())))
    assert 0 < most < 1000


def test_the_head_of_a_page_is_the_pages(keeping, stub):
    def ask() -> tuple[Answer, Answer, int]:
        before = len(stub.asked)
        head, whole = (keeping.ask(f"/?{before}", method) for method in ("HEAD", "GET"))
        return head, whole, len(stub.asked) - before

    head, whole, asked = within_a_second(ask)
    assert asked == 1
    assert head.body == b""
    assert whole.text.startswith("GET /?")
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]


def test_a_part_of_a_page_is_the_whole_page(shop):
    whole = shop.ask(MENU)
    for more in (
        {"Range": "bytes=0-9"},
        {"If_None_Match": '"x"'},
        {"If_Modified_Since": "Thu, 31 Dec 2037 23:55:55 GMT"},
    ):
        for _ in range(3):
            answer = shop.ask(MENU, **more)
            assert answer.status == 200
            assert len(answer.body) == len(whole.body)


def test_a_kept_page_is_compressed_for_whoever_takes_it(shop):
    for _ in range(3):
        plain, packed = within_a_second(
            lambda: (shop.ask(MENU), shop.ask(MENU, Accept_Encoding="gzip, deflate, br"))
        )
        assert "Content-Encoding" not in plain.headers
        assert packed.headers.get_all("Content-Encoding") == ["gzip"]
        assert gzip.decompress(packed.body) == plain.body
        assert "Accept-Encoding" in packed.headers.get_all("Vary")
        assert packed.headers["Content-Length"] == str(len(packed.body))
        refused = shop.ask(MENU, Accept_Encoding="gzip;q=0")
        assert "Content-Encoding" not in refused.headers


def test_the_first_basket_comes_from_a_page_that_was_kept(shop):
    first, second = within_a_second(lambda: (shop.ask(PRODUCT), shop.ask(PRODUCT)))
    size = re.search(r'name="size" value="(\d+)"', second.text)[1]
    body = f"csrf_token=&size={size}&quantity=1".encode()
    add = f"{MENU}/ajouter"
    elsewhere = FORM | {"Sec_Fetch_Site": "cross-site"}
    assert shop.ask(add, "POST", body, **elsewhere).status == 400
    answer = shop.ask(add, "POST", body, **FORM)
    assert answer.status == 303
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    own = shop.ask(MENU, Cookie=cookie)
    assert 'data-csrf="' in own.text
    assert 'data-csrf=""' not in own.text
    assert 'data-csrf=""' in shop.ask(MENU).text
    assert first.body == second.body


def test_whoever_chose_a_language_reads_it(shop):
    for _ in range(3):
        assert 'lang="fr"' in shop.ask(MENU, Accept_Language=FR).text
        assert '<html lang="en">' in shop.ask(MENU, Accept_Language=FR, Cookie="langue=en").text
        assert '<html lang="en">' in shop.ask(MENU, Accept_Language=EN).text


def test_a_name_that_is_not_the_sites_gets_no_page_of_it(shop):
    for host in ("a b", "a/b", ""):
        assert shop.ask("/", host=host).status == 400
    for host in ("WWW.OCPIZZA.FR", "www.ocpizza.fr.", "[::1]", "evil.example:81"):
        assert shop.ask("/", host=host).status == 200


def test_the_site_that_is_stopped_says_so_to_everybody(stopped):
    for more in ({}, {"Cookie": "x=1"}, {"method": "POST", "body": b"x=1"}):
        answer = stopped.ask(MENU, **more)
        assert answer.status == 503
        assert "Nous revenons tout de suite" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert secure(answer)


def test_what_is_too_large_is_refused_at_the_catalogue_too(shop):
    answer = shop.ask(PRODUCT, "POST", b"x" * 300_000, **FORM)
    assert answer.status == 413
    assert "Envoi trop volumineux" in answer.text


def test_a_deployment_sees_the_site_and_not_what_was_kept_of_it(keeping, stub):
    site = Site("www.ocpizza.fr", keeping.port)
    for count in (1, 2, 3):
        probe("/", site)
        assert len(stub.asked) == count


def normalise(header: str) -> str:
    """As nginx does (`nginx/http.conf`)."""
    conf = (SHIPPED / "http.conf").read_text()
    block = re.search(r"map \$http_accept_language \$ocpizza_language \{(.*?)\n\}", conf, re.S)[1]
    rules = re.findall(r'"~(\S+)" (\w+);', block)
    assert {language for _, language in rules} == set(LANGUAGES)
    return next((word for rule, word in rules if re.search(rule, header)), header)


def ranges() -> st.SearchStrategy[str]:
    tag = st.sampled_from(["fr", "en", "fr-FR", "fr-CA", "en-US", "EN-gb", "de", "de-DE", "*", "x"])
    quality = st.sampled_from(
        ["", ";q=0", ";q=0.9", ";q=0.1", ";q=1", ";q=0.0", "; q=0.5", ";q=0.55"]
    )
    separator = st.sampled_from([",", ", ", ",,"])
    each = st.tuples(separator, tag, quality).map("".join)
    return st.lists(each, max_size=5).map(lambda found: "".join(found).lstrip(", "))


@given(st.one_of(ranges(), st.text(max_size=20)))
def test_a_language_in_short_is_the_one_that_the_site_finds(header):
    assert accepted(normalise(header)) == accepted(header)


@pytest.mark.parametrize(
    ("header", "short"),
    [
        (FR, "fr"),
        ("fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7", "fr"),
        ("fr,fr-FR;q=0.8,en-US;q=0.5,en;q=0.3", "fr"),
        ("fr-FR", "fr"),
        ("en-US,en;q=0.9", "en"),
        ("en-GB,en;q=0.5", "en"),
        ("en", "en"),
    ],
)
def test_what_browsers_say_is_put_in_short(header, short):
    assert normalise(header) == short
