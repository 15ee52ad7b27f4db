"""The site behind nginx: static files, compression, limits, headers, and what visitors read."""

import gzip
import re
import subprocess

import pytest

from droplets.waiting import wait_until
from nginx.server import BROTLI, MODULES, PROGRAM
from ocpizza.operations.demo_data import PASSWORD
from ocpizza.static_files import FOLDER, digest

OF_ALL = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
STYLE = f"/static/{digest()}/app.css"
YEAR = "public, max-age=31536000, immutable"
FORM = {"Content_Type": "application/x-www-form-urlencoded", "Sec_Fetch_Site": "same-origin"}
SIGN_IN = b"identifier=nobody&password=wrong"
# Quick to answer, and the site itself does not count it.
INCOMPLETE = b"identifier=nobody"


def secure(answer) -> bool:
    """Whether an answer has the security headers, each once."""
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    return all(answer.headers.get_all(name) == [value] for name, value in OF_ALL.items())


def statuses(nginx, path: str, times: int, method: str = "POST") -> list[int]:
    body = INCOMPLETE if method == "POST" else None
    return [nginx.ask(path, method, body, **FORM).status for _ in range(times)]


def test_the_shop_answers(shop):
    answer = shop.ask("/")
    assert answer.status == 200
    assert "OC Pizza" in answer.text
    assert secure(answer)
    assert shop.ask("/health/ready").text == "ok\n"


def test_static_files_are_kept_for_a_year_and_come_from_nginx(shop):
    answer = shop.ask(STYLE)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.body == (FOLDER / "app.css").read_bytes()
    assert answer.headers.get_all("Cache-Control") == [YEAR]
    assert secure(answer)
    assert shop.ask(STYLE, If_None_Match=answer.headers["ETag"]).status == 304


def test_static_files_are_compressed_beforehand(shop):
    answer = shop.ask(STYLE, Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.body) == (FOLDER / "app.css").read_bytes()
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(answer.body)


def test_every_static_file_that_a_page_names_is_there(shop):
    for path in set(re.findall(r'(?:href|src)="(/static/[^"]+)"', shop.ask("/").text)):
        assert shop.ask(path).headers.get_all("Cache-Control") == [YEAR]


def test_a_static_file_that_was_not_collected_comes_from_the_site(shop, state):
    (state / "static" / digest() / "app.js").rename(state / "app.js")
    try:
        answer = shop.ask(f"/static/{digest()}/app.js")
    finally:
        (state / "app.js").rename(state / "static" / digest() / "app.js")
    assert answer.status == 200
    assert answer.body == (FOLDER / "app.js").read_bytes()


def test_the_drivers_service_worker_is_never_kept_and_sees_to_their_page_alone(shop):
    body = b"identifier=livreur.republique&password=" + PASSWORD.encode()
    answer = shop.ask("/connexion", "POST", body + b"&csrf_token=", **FORM)
    assert answer.status == 303
    cookie = "; ".join(each.partition(";")[0] for each in answer.headers.get_all("Set-Cookie"))
    page = "/equipe/city_001/livraisons"
    for name, kind in (
        ("service-worker.js", "text/javascript; charset=utf-8"),
        ("app.webmanifest", "application/manifest+json"),
    ):
        assert shop.ask(f"{page}/{name}").status == 303
        answer = shop.ask(f"{page}/{name}", Cookie=cookie)
        assert answer.status == 200
        assert answer.headers["Content-Type"] == kind
        assert answer.headers.get_all("Cache-Control") == ["no-store"]
        assert secure(answer)
    answer = shop.ask(f"{page}/service-worker.js", Cookie=cookie)
    assert answer.headers.get_all("Service-Worker-Allowed") == [page]
    assert answer.body == (FOLDER / "deliveries-worker.js").read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "/session.key",
        "/static/session.key",
        f"/static/{digest()}/nowhere.css",
        f"/static/{digest()}/../../session.key",
        f"/static/{digest()}/%2e%2e/%2e%2e/session.key",
        "/static/..%2fsession.key",
        "/static../session.key",
        f"/static/{digest()}",
        f"/static/{digest()}/",
    ],
)
def test_nothing_but_static_files_is_served_from_the_state(shop, path):
    answer = shop.ask(path)
    assert answer.status in (400, 404, 403)
    assert b"0123456789abcdef" not in answer.body
    assert answer.headers.get("Cache-Control") != YEAR


def test_no_link_leads_out_of_the_static_files(shop, state):
    link = state / "static" / digest() / "link.css"
    link.symlink_to("/etc/hostname")
    try:
        answer = shop.ask(f"/static/{digest()}/link.css")
    finally:
        link.unlink()
    assert answer.status in (403, 404)


@pytest.mark.parametrize("path", ["/", "/panier"])
def test_pages_are_compressed(shop, path):
    answer = shop.ask(path, Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "OC Pizza" in gzip.decompress(answer.body).decode()
    assert "Accept-Encoding" in answer.headers.get_all("Vary")


@pytest.mark.skipif(
    not (MODULES / "ngx_http_brotli_filter_module.so").exists(), reason=f"needs {BROTLI}"
)
def test_brotli_is_used_where_debians_module_is(nginx, gunicorn, state):
    nginx.install(gunicorn, state)
    nginx.with_brotli()
    with nginx.running():
        answer = nginx.ask("/panier", Accept_Encoding="br, gzip")
        assert answer.headers["Content-Encoding"] == "br"
        assert nginx.ask("/panier", Accept_Encoding="gzip").headers["Content-Encoding"] == "gzip"
        # Pages that are kept are compressed once, by the site.
        kept = nginx.ask("/", Accept_Encoding="br, gzip")
        assert kept.headers.get_all("Content-Encoding") == ["gzip"]


def test_without_the_module_nobody_speaks_of_brotli(shop):
    answer = shop.ask("/", Accept_Encoding="br, gzip")
    assert answer.headers["Content-Encoding"] == "gzip"


def test_the_site_that_is_stopped_says_so_in_french(stopped):
    for method, path in (("GET", "/"), ("GET", "/pizzeria/x"), ("POST", "/commande")):
        answer = stopped.ask(path, method, b"" if method == "POST" else None)
        assert answer.status == 503
        assert answer.headers["Retry-After"] == "60"
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-store"
        assert '<html lang="fr">' in answer.text
        assert "Nous revenons tout de suite" in answer.text
        assert secure(answer)


def test_static_files_are_there_while_the_site_is_stopped(stopped):
    assert stopped.ask(STYLE).status == 200


def test_whoever_tries_passwords_is_slowed_down_in_french(shop):
    found = statuses(shop, "/connexion", 14)
    assert found[:11] == [422] * 11
    assert found[12:] == [429] * 2
    answer = shop.ask("/connexion", "POST", SIGN_IN, **FORM)
    assert answer.headers["Retry-After"] == "60"
    assert "Un instant, s’il vous plaît" in answer.text
    assert secure(answer)
    # Looking costs nothing, and other pages know nothing of it.
    assert statuses(shop, "/connexion", 3, "GET") == [200] * 3
    assert statuses(shop, "/panier/modifier", 1) == [303]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/inscription", 422),
        ("/mot-de-passe-oublie", 422),
        ("/mot-de-passe/" + "s" * 43, 422),
        ("/compte/mot-de-passe", 303),
        ("/compte/e-mail", 303),
        ("/compte/e-mail/lien", 303),
        ("/connexion/google", 303),
        ("/compte/connexions/google", 303),
        ("/compte/preuve", 303),
        ("/compte/preuve/google", 303),
        ("/compte/donnees", 303),
    ],
)
def test_whoever_makes_accounts_or_asks_for_mail_is_slowed_down(
    nginx, gunicorn, state, path, status
):
    nginx.install(gunicorn, state)
    with nginx.running():
        found = statuses(nginx, path, 14)
        assert found[:11] == [status] * 11
        assert found[12:] == [429] * 2


def test_whoever_tries_codes_of_promotions_is_slowed_down(shop):
    found = statuses(shop, "/panier/promotion", 14)
    assert found[:11] == [303] * 11
    assert found[-1] == 429
    assert statuses(shop, "/panier/modifier", 1) == [303]


def test_whoever_sends_orders_in_bulk_is_slowed_down(shop):
    found = statuses(shop, "/commande", 26)
    assert found[:21] == [303] * 21
    assert found[-2:] == [429] * 2
    assert statuses(shop, "/commande", 30, "GET") == [303] * 30
    assert statuses(shop, "/connexion", 1) == [422]


def test_whoever_tries_order_numbers_is_slowed_down(shop):
    found = statuses(shop, "/suivi", 26)
    assert found[:21] == [422] * 21
    assert found[-2:] == [429] * 2
    assert statuses(shop, "/suivi", 3, "GET") == [200] * 3


def test_what_is_too_large_is_refused_in_french(shop):
    answer = shop.ask("/connexion", "POST", b"x" * 300_000, **FORM)
    assert answer.status == 413
    assert "Envoi trop volumineux" in answer.text
    assert secure(answer)
    assert shop.ask("/connexion", "POST", b"x" * 200_000, **FORM).status == 422


def test_a_photo_may_be_larger_where_photos_are_taken_and_nowhere_else(shop):
    photo, body = "/equipe/city_001/produits/regina/photo", b"photo=" + b"x" * 16_000_000
    # Who is nobody's manager is refused by the site itself.
    assert shop.ask(photo, "POST", body, **FORM).status in (303, 403)
    too_large = shop.ask(photo, "POST", body + b"x" * 6_000_000, **FORM)
    assert too_large.status == 413
    assert "15&nbsp;Mo" in too_large.text
    for path in (f"{photo}/enlever", "/equipe/city_001/produits/regina", "/panier"):
        assert shop.ask(path, "POST", body[:300_000], **FORM).status == 413


def test_what_a_visitor_says_of_themselves_is_replaced(mirrored):
    forged = {
        "X_Real_IP": "203.0.113.66",
        "X_Forwarded_For": "203.0.113.66",
        "X_Forwarded_Proto": "https",
        "X_Forwarded_Host": "evil.example",
        "X_Forwarded_Ssl": "on",
        "Forwarded": "for=203.0.113.66;proto=https",
        "Proxy": "http://evil.example",
    }
    for path in ("/x", "/connexion", "/commande", "/health/ready", "/static/00/x.css"):
        sent = mirrored.ask(path, **forged).text
        assert "203.0.113.66" not in sent
        assert "evil.example" not in sent
        assert re.findall("(?im)^x-real-ip: (.*)$", sent) == ["127.0.0.1"]
        assert re.findall("(?im)^x-forwarded-proto: (.*)$", sent) == ["http"]
        assert re.findall("(?im)^host: (.*)$", sent) == ["www.ocpizza.fr"]
        assert not re.search("(?im)^(x-forwarded-(for|host|ssl)|forwarded|proxy):", sent)


@pytest.mark.parametrize("tls", [False, True])
def test_https_is_promised_over_https_only(nginx, gunicorn, state, tls):
    nginx.install(gunicorn, state)
    nginx.certify()
    size = re.compile(r'name="size" value="(\d+)"')
    with nginx.running():
        promise = ["max-age=31536000"] if tls else None
        for path in ("/", STYLE, "/nulle-part"):
            answer = nginx.ask(path, tls=tls)
            assert answer.headers.get_all("Strict-Transport-Security") == promise
        page = nginx.ask("/pizzeria/paris-republique/margherita", tls=tls).text
        body = f"size={size.search(page)[1]}&quantity=1".encode()
        shop = "/pizzeria/paris-republique/ajouter"
        cookie = nginx.ask(shop, "POST", body, tls=tls, **FORM).headers["Set-Cookie"]
        assert ("secure" in cookie.lower()) is tls


def test_the_secret_address_of_an_order_stays_out_of_the_log(shop):
    shop.ask("/suivi/" + "s" * 43)
    shop.ask("/suivi/" + "s" * 43 + "/etat?x=1")
    shop.ask("/mot-de-passe/" + "s" * 43)
    shop.ask("/compte/confirmer/" + "s" * 43)
    shop.ask("/connexion/google/retour?code=sss&state=sss")
    shop.ask("/panier?x=2")
    # nginx writes a line after its answer.
    wait_until(lambda: '"GET /panier?x=2" 200' in shop.log(), 60, "the log")
    log = shop.log()
    assert "sss" not in log
    assert '"GET /suivi/(hidden)" 404' in log
    assert '"GET /mot-de-passe/(hidden)" 410' in log
    assert '"GET /compte/confirmer/(hidden)" 410' in log
    assert '"GET /connexion/google/retour?(hidden)" 303' in log
    assert log.startswith("127.0.0.1 [")


def test_debians_own_check_has_nothing_to_say(nginx, gunicorn, state):
    nginx.install(gunicorn, state)
    with nginx.running():
        command = [PROGRAM, "-t", "-c", str(nginx.root / "nginx.conf"), "-p", str(nginx.root)]
        said = subprocess.run(command, capture_output=True, text=True).stderr
    assert "[warn]" not in said
    assert "test is successful" in said


def test_which_nginx_it_is_is_nobodys_business(shop):
    assert shop.ask("/").headers["Server"] == "nginx"
