"""Addresses that are keys: in none of nginx's logs, whatever fails."""

import re
import socket
import socketserver
import threading

import pytest

from nginx.server import SHIPPED, Nginx
from ocpizza.routes import LINK, ROUTES
from ocpizza.secret_addresses import RULES, shown_address
from ocpizza.transactions import WRITING_ROUTES

TOKEN = "Zq3-" * 10 + "_x7"
CODE, EMAIL = "4/0Abc-of-a-provider", "julia@example.org"
# What somebody types or ticks: where they live, what they do not eat.
POSTCODE, WORDS, WISH, ALLERGEN = SAID = "75011", "enceinte", "without_pork", "gluten"
FORM = {"Content_Type": "application/x-www-form-urlencoded", "Sec_Fetch_Site": "same-origin"}
# Routes whose address is a key: by its token, or by what a provider's query brings.
SECRET = {name: path for name, path, _ in ROUTES if LINK in path or name in WRITING_ROUTES}
FROM_AN_ORDER = {"Referer": f"https://www.ocpizza.fr/suivi/{TOKEN}"}


def address_of(path: str) -> str:
    """An address of the route with this pattern."""
    path = path.replace(LINK, TOKEN)
    path = re.sub(r"{provider:(\w+)\|[^}]*}", r"\1", path)
    # What else an address names: a restaurant's code, a line, a product.
    path = re.sub(r"{\w+:(?:[^{}]|{[^}]*})*}", "1", path)
    assert "{" not in path
    return path if TOKEN in path else f"{path}?code={CODE}&state={TOKEN}"


ADDRESSES = [
    *map(address_of, SECRET.values()),
    f"/%73uivi/{TOKEN}",
    f"//suivi/{TOKEN}",
    f"/suivi/%5A{TOKEN[1:]}",
    f"/nulle-part/%5A{TOKEN[1:]}",
    f"/connexion?suite=%2Fsuivi%2F{TOKEN}",
    f"/?code_postal={EMAIL}",
    f"/?code_postal={EMAIL.replace('@', '%40')}",
    f"/?mode=delivery&code_postal={POSTCODE}",
    f"/pizzeria/city-001?recherche={WORDS}&filtre={WISH}&sans={ALLERGEN}",
    f"/pizzeria/city-001/regina?sans={ALLERGEN}",
]


def hidden(text: str) -> bool:
    secrets = (TOKEN, TOKEN[1:], CODE, EMAIL, "example.org", *SAID)
    return not any(secret in text for secret in secrets)


def everything_written(nginx) -> str:
    """All of nginx's logs and what it said, not its settings."""
    files = [path for path in nginx.root.rglob("*.log") if path.is_file()]
    return "\n".join(path.read_text() for path in (*files, nginx.root / "output"))


@pytest.mark.parametrize("address", ADDRESSES)
def test_logs_do_not_have_secret_addresses(address):
    assert hidden(shown_address(address))


def test_there_are_routes_to_hide():
    assert {"tracking", "pay_return", "reset_password", "confirm_email"} < SECRET.keys()
    assert "provider_return" in SECRET


def test_other_addresses_are_written_as_they_are():
    others = [path for name, path, _ in ROUTES if name not in SECRET and "{" not in path]
    assert len(others) > 20
    assert [shown_address(path) for path in others] == others
    assert shown_address("/panier?x=2") == "/panier?x=2"


def test_nginx_hides_what_the_site_hides():
    block = re.search(r"map \$request_uri \$ocpizza_logged \{(.*?)\n\}", http_conf(), re.S)[1]
    rules = re.findall(r'^    "~(.*)" "(.*)";$', block, re.M)
    assert tuple(rules) == RULES


def http_conf() -> str:
    return (SHIPPED / "http.conf").read_text()


def test_a_site_that_is_stopped_writes_no_secret(stopped):
    for address in ADDRESSES:
        assert stopped.ask(address, **FROM_AN_ORDER).status in (503, 400)
        assert stopped.ask(address, "POST", b"x", **FORM | FROM_AN_ORDER).status in (503, 429)
    stopped.wait_for_the_log()
    said = everything_written(stopped)
    assert '"GET /suivi/(hidden)" 503' in said
    assert "upstream=502" in said
    assert hidden(said)


def test_limits_and_refusals_write_no_secret(shop):
    for _ in range(14):
        last = shop.ask(f"/mot-de-passe/{TOKEN}", "POST", b"x", **FORM | FROM_AN_ORDER)
    assert last.status == 429
    for path in ("/panier", f"/suivi/{TOKEN}", f"/static/00/{TOKEN}"):
        body = b"x" * 300_000
        assert shop.ask(path, "POST", body, **FORM | FROM_AN_ORDER).status in (413, 405)
    for line in (f"GET /suivi/{TOKEN} HTTP/9.9", f"GET /suivi/{TOKEN}\0 HTTP/1.1", f"X{TOKEN}"):
        say(shop, line)
    shop.wait_for_the_log()
    said = everything_written(shop)
    assert '/mot-de-passe/(hidden)" 429' in said
    assert "limit=REJECTED" in said
    assert hidden(said)


def test_the_redirect_to_https_writes_no_secret(tmp_path):
    nginx = Nginx(tmp_path)
    nginx.install(tmp_path / "nobody.sock", tmp_path)
    port = nginx.redirect()
    with nginx.running():
        nginx.ask("/")
        nginx.port, plain = port, nginx.port
        for address in ADDRESSES:
            assert nginx.ask(address).status in (301, 400)
            nginx.ask(address, host="elsewhere.example")
        nginx.port = plain
        nginx.wait_for_the_log()
        said = everything_written(nginx)
    assert '"GET /suivi/(hidden)" 301' in said
    assert hidden(said)


def say(nginx, line: str) -> None:
    with socket.create_connection(("127.0.0.1", nginx.port), timeout=30) as connection:
        connection.sendall(f"{line}\r\nHost: www.ocpizza.fr\r\n\r\n".encode())
        connection.recv(1000)


class Rude(socketserver.StreamRequestHandler):
    """Hangs up, or answers with nonsense."""

    def handle(self) -> None:
        if b"nonsense" in self.rfile.readline():
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Nonsense: \0\r\n\r\n")


@pytest.fixture
def rude(tmp_path):
    """A server that breaks off; gives its socket."""
    path = tmp_path / "rude.sock"
    with socketserver.UnixStreamServer(str(path), Rude) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield path
        server.shutdown()
        thread.join()


def test_a_site_that_breaks_off_writes_no_secret(nginx, state, rude):
    nginx.install(rude, state)
    with nginx.running():
        for query in ("", "?nonsense"):
            assert nginx.ask(f"/suivi/{TOKEN}{query}", **FROM_AN_ORDER).status in (502, 503)
        nginx.wait_for_the_log()
    assert hidden(everything_written(nginx))
