"""Whatever anybody sends: a page of ours in French, never a crash, and the basket kept."""

from urllib.parse import quote

import pytest
from webob import Request
from wtforms import DecimalField, FloatField, IntegerField
from wtforms.fields.core import UnboundField

from factories import PASSWORD
from ocpizza.forms.base import BaseForm
from ocpizza.forms.fields import WholeField
from ocpizza.pictures import ART_VERSION
from views.pages import designed, place, soup, words
from views.website import ADD, CHANGE, CHECKOUT, HERE, SHOP, STANLEY

NUMBERS = (IntegerField, DecimalField, FloatField)
PRODUCT, RESTORE = f"{SHOP}/margherita", "/panier/remettre"
FORMS = {
    ADD: {"size": "2", "quantity": "1", "without": "3", "extra": "5", "replace": ""},
    CHANGE: {"line": "1", "quantity": "2"},
    RESTORE: {"size": "2", "quantity": "1", "without": "3", "extra": "6"},
    PRODUCT: {"size": "2", "quantity": "1", "option-3": "extra", "without": "4", "extra": "6"}
    | {"line": "1", "before": "2 [[2,[],[]]]", "recalculer": ""},
    "/panier/promotion": {"code": "DIX"},
    CHECKOUT: STANLEY
    | {"mode": "delivery", "email": "", "complement": "", "comment": "", "keep_address": "y"}
    | {"means": "cash", "accept": "", "total_delivery": "1200", "total_takeaway": "", "key": "x"}
    | {"of_age": ""},
    "/suivi": {"number": "K7QM-2F9X", "contact": "0612345678"},
    "/connexion": {"identifier": "nobody", "password": "wrong", "suite": "/equipe"},
    "/inscription": {
        "first_name": "Julia",
        "last_name": "Moreau",
        "email": "julia@example.org",
        "password": "quatre-fromages",
        "phone": "0612345678",
        "birthday": "1986-03-04",
        "delivery-street": "12 rue Oberkampf",
        "delivery-complement": "",
        "delivery-postcode": "75011",
        "delivery-town": "Paris",
        "suite": "/compte",
    },
    "/mot-de-passe-oublie": {"email": "nobody@example.org"},
    "/mot-de-passe/" + "s" * 43: {"password": "quatre-fromages"},
    "/compte/confirmer/" + "s" * 43: {},
}
OF_ACCOUNTS = {
    "/compte/informations": {
        "first_name": "Julia",
        "last_name": "Moreau",
        "phone": "0612345678",
        "birthday": "1986-03-04",
        "language": "fr",
        "version": "1",
        "delivery-street": "12 rue Oberkampf",
        "delivery-complement": "",
        "delivery-postcode": "75011",
        "delivery-town": "Paris",
        "billing-street": "",
        "billing-complement": "",
        "billing-postcode": "",
        "billing-town": "",
    },
    "/compte/mot-de-passe": {"current": "wrong", "password": "quatre-fromages"},
    "/compte/preuve": {"current": "wrong", "suite": "/compte/connexions"},
    "/compte/e-mail": {"email": "julia@example.org", "current": "wrong"},
    "/compte/donnees": {"password": "wrong", "confirmation": "effacer"},
}
BEGUN = f"/equipe/{HERE}/caisse/" + "t" * 43
OF_ORDER = STANLEY | {"source": "phone", "mode": "delivery", "means": "cash", "comment": ""}
OF_ORDER |= {"complement": "", "entry": "2 re", "code": ""}
# What colleagues send of an order that they take.
OF_STAFF = {
    BEGUN: OF_ORDER | {"options": "", "modifier": ""},
    f"{BEGUN}/ajouter": {"size": "2", "count": "1", "phone": "06"},
    f"{BEGUN}/lignes/999": {"quantity": "2"},
    f"{BEGUN}/client/K7QM-2F9X": {"repeat": "1"},
    f"{BEGUN}/promotion": {"code": "DIX", "offre": "DIX"},
    f"{BEGUN}/produits/margherita": {"size": "2", "quantity": "1", "option-3": "extra"}
    | {"without": "4", "extra": "6", "line": "1", "before": "2 [[2,[],[]]]", "recalculer": ""},
    f"{BEGUN}/commander": OF_ORDER | {"key": "x", "total": "1200"},
}
STAFF_FIELDS = [(path, field) for path, fields in OF_STAFF.items() for field in fields]
FIELDS = [(path, field) for path, fields in FORMS.items() for field in fields]
ACCOUNT_FIELDS = [(path, field) for path, fields in OF_ACCOUNTS.items() for field in fields]
VALUES = [
    "",
    " ",
    "é" * 10_000,
    "\x00",
    "1\x00",
    "\x01\x1b[31m\x7f\u202e",
    "🍕",
    "-1",
    "0",
    str(2**31),
    str(2**63),
    str(10**30),
    "9" * 400,
    "9" * 5000,
    "0" * 11 + "9" * 5000,
    "1.5",
    "1e9",
    "nan",
    "١٢",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}${7*7}%(max)s",
    "../../etc/passwd",
    "\ufffd\ufeff",
]
POSTED = "application/x-www-form-urlencoded"
BODIES = [
    ("nothing", b"", POSTED),
    (
        "no UTF-8",
        b"size=%ff&quantity=%fe&line=%c3&number=%e9&identifier=%ff&contact_name=%ff",
        POSTED,
    ),
    ("raw bytes", b"size=\xff\xfe&line=\xff&contact_name=\xff", POSTED),
    ("JSON", b'{"size": 1, "line": 1}', "application/json"),
    ("text", b"size=1&line=1", "text/plain"),
    ("no boundary", b"size=1", "multipart/form-data"),
    (
        "broken parts",
        b"--x\r\nContent-Disposition: form-data; name=\r\n\r\n1",
        "multipart/form-data; boundary=x",
    ),
    ("no parts", b"--x--", "multipart/form-data; boundary=x"),
    ("other charset", b"size=1&line=1", f"{POSTED}; charset=utf-16"),
    ("no charset", b"size=1&line=1", f"{POSTED}; charset=nonsense"),
]
BASKET_KEPT = [("Margherita", 2)]


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch):
    """Checking or keeping a password takes long on purpose."""
    for name, quick in (
        ("services.account.create.hash_password", lambda _: "a hash"),
        ("services.account.password.hash_password", lambda _: "a hash"),
        (
            "views.account.sign_in_attempts.verify_password",
            lambda kept, typed: kept and typed == PASSWORD,
        ),
    ):
        monkeypatch.setattr(f"ocpizza.{name}", quick)


@pytest.fixture
def browser(browser):
    """The browser of somebody with two pizzas in their basket."""
    browser.add(quantity=2)
    browser.get("/panier")
    return browser


def check(answer, sent: object) -> None:
    """Any answer is a page of ours, or leads to one; nothing has crashed."""
    while answer.status_int == 303:
        place(answer)
        answer = answer.follow(expect_errors=True)
    assert answer.status_int in (200, 400, 404, 405, 409, 410, 422, 429), (sent, answer.status_int)
    assert designed(answer), sent
    assert "<script>alert" not in answer.text


def check_raw(website, browser, path: str) -> None:
    """The same of an address that WebTest itself could not read."""
    request = Request.blank(path)
    request.headers["Cookie"] = f"ocpizza={browser.cookies['ocpizza']}"
    answer = request.get_response(website.application)
    if answer.status_int != 303:
        check(answer, path)


def test_a_question_in_a_strange_character_set_is_refused(website):
    request = Request.blank("/?code_postal=75011")
    request.environ["CONTENT_TYPE"] = "text/html; charset=utf-16"
    answer = request.get_response(website.application)
    assert answer.status_int == 400
    assert designed(answer)


def test_nobody_chooses_a_language_that_there_is_not(browser):
    for name in ("en", "nonsense", "../../etc"):
        assert '<html lang="fr">' in browser.get("/", {"_LOCALE_": name}).text
        browser.set_cookie("_LOCALE_", "nonsense")
        assert '<html lang="fr">' in browser.get("/").text


@pytest.mark.parametrize(("path", "field"), FIELDS)
def test_a_field_may_hold_anything(browser, path, field):
    good = FORMS[path]
    for value in VALUES:
        check(browser.post_form(path, good | {field: value}), (field, value[:40]))
    missing = {name: each for name, each in good.items() if name != field}
    check(browser.post_form(path, missing), (field, "missing"))
    twice = [*good.items(), (field, good[field]), (field, "nonsense")]
    check(browser.post_form(path, twice), (field, "twice"))
    if path not in (ADD, CHANGE, RESTORE, PRODUCT):
        assert browser.lines() == BASKET_KEPT


@pytest.mark.parametrize(("path", "field"), ACCOUNT_FIELDS)
def test_a_field_of_an_account_may_hold_anything(website, path, field):
    customer = website.staff("customer")
    for value in VALUES:
        check(customer.post_form(path, OF_ACCOUNTS[path] | {field: value}), (field, value[:40]))
    customer.get("/compte", status=200)


@pytest.mark.parametrize(("path", "field"), STAFF_FIELDS)
def test_a_field_of_the_till_may_hold_anything(website, path, field):
    cashier = website.staff("cashier")
    cashier.post_form(f"{BEGUN}/ajouter", {"size": str(website.pizzeria.size("regina").id)})
    for value in VALUES:
        check(cashier.post_form(path, OF_STAFF[path] | {field: value}), (field, value[:40]))
        page = cashier.get(BEGUN, status=200)
        assert "Regina" in words(soup(page).select_one(".till-lines").get_text())


def every_form(kind=BaseForm):
    for form in kind.__subclasses__():
        yield form
        yield from every_form(form)


def test_whole_numbers_of_every_form_are_bounded_before_they_are_compared(application):
    """The bounds of WTForms end in an OverflowError beyond 308 digits."""
    kinds = {
        (form.__name__, name): field.field_class
        for form in every_form()
        for name, field in vars(form).items()
        if isinstance(field, UnboundField)
    }
    numbers = {name: kind for name, kind in kinds.items() if issubclass(kind, NUMBERS)}
    assert len(numbers) > 9
    assert all(issubclass(kind, WholeField) for kind in numbers.values()), numbers


# What pages read of their own address: (page, a question that would do).
QUESTIONS = [
    ("/panier", {"size": "2", "quantity": "1", "without": "3", "extra": "6", "code": "DIX"}),
    ("/commande", {"means": "cash"}),
    (PRODUCT, {"ligne": "1"}),
    (f"{PRODUCT}/choix", {"size": "2", "quantity": "1", "without": "3", "option-3": "extra"}),
    ("/suivi/token/paiement", {"essai": "1"}),
    ("/suivi/token", {"actualisation": "1"}),
    ("/connexion", {"suite": "/equipe"}),
    ("/compte/preuve", {"suite": "/compte/connexions"}),
    ("/compte/commandes", {"avant": "K7QM-2F9X", "apres": ""}),
]


@pytest.mark.parametrize(("path", "good"), QUESTIONS)
def test_a_question_may_hold_anything(website, path, good):
    browser = website.staff("customer")
    browser.add(quantity=2)
    browser.post_form(CHECKOUT, STANLEY | {"mode": "delivery"})
    path = path.replace("token", website.order().tracking_token)
    for field in good:
        # As much as fits into the line that nginx and gunicorn read.
        asked = [good | {field: value[:600]} for value in [*VALUES, "1", "6"]]
        for each in [*asked, [*good.items(), (field, "nonsense")]]:
            answer = browser.get(path, each, expect_errors=True)
            if path.endswith("/choix"):
                # Parts of a page that is there already.
                assert answer.status_int == 200, each
            else:
                check(answer, each)
    assert browser.lines() == BASKET_KEPT


@pytest.mark.parametrize("path", FORMS)
def test_a_file_in_the_place_of_a_field_is_no_answer(browser, path):
    token = [("csrf_token", browser.token())]
    for field in FORMS[path]:
        others = [pair for pair in FORMS[path].items() if pair[0] != field]
        files = [(field, "pizza.png", b"\x89PNG\x00\xff")]
        answer = browser.post(path, token + others, upload_files=files, status=400)
        check(answer, field)
    assert browser.lines() == BASKET_KEPT


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body[0])
def test_a_body_may_be_anything(website, browser, body):
    _, content, kind = body
    headers = {"X-CSRF-Token": browser.token()}
    for path in FORMS:
        answer = browser.post(path, content, headers=headers, content_type=kind, expect_errors=True)
        check(answer, path)
        stranger = website.browser()
        check(stranger.post(path, content, content_type=kind, expect_errors=True), path)
    assert browser.lines() == BASKET_KEPT


@pytest.mark.parametrize("bad", [b"\xff", b"\xc3", b"\x00", b"\xed\xa0\x80", b"%", "é🍕".encode()])
def test_an_address_may_hold_anything(website, browser, bad):
    for path in (
        "/{}",
        "/?code_postal={}",
        "/?{}=1",
        "/?_LOCALE_={}",
        "/pizzeria/{}",
        SHOP + "/{}",
        "/connexion?suite={}",
        "/inscription?suite={}",
        "/mot-de-passe/{}",
        "/compte/confirmer/{}",
        "/panier?x={}",
        "/suivi/{}",
        f"/dessin/{ART_VERSION}/pizza/{{}}.svg",
        f"/dessin/{ART_VERSION}/{{}}/mozzarella.svg",
        "/static/{}",
        "/equipe/{}/cuisine",
        f"/equipe/{HERE}/recettes/regina?taille={{}}",
        f"/equipe/{HERE}/commandes/{{}}",
    ):
        check_raw(website, browser, path.format(quote(bad)))
    assert browser.lines() == BASKET_KEPT


@pytest.mark.parametrize("bad", [b"\xff", b"\x00", "é".encode()])
def test_a_member_of_staff_may_ask_for_anything(website, bad):
    manager = website.staff("direction")
    for path in (
        f"/equipe/{HERE}/recettes/regina?taille={quote(bad)}",
        f"/equipe/{HERE}/recettes/{quote(bad)}",
        f"/equipe/{HERE}/commandes/{quote(bad)}",
        f"/equipe/{quote(bad)}/stock",
    ):
        check_raw(website, manager, path)


@pytest.mark.parametrize(
    "path",
    [
        "/nulle-part",
        "/panier/",
        "/pizzeria",
        "/equipe/",
        "/PANIER",
        "//panier",
        "/a/" * 500,
        "/" + "a" * 5000,
        "/index.php?id=1",
        "/.env",
        "/suivi/../panier",
    ],
)
def test_an_unknown_address_is_a_page_that_leads_back(browser, path):
    page = browser.get(path, status=404)
    assert designed(page)
    assert "Page introuvable" in words(page)
    assert 'href="/panier"' in page.text
    assert browser.lines() == BASKET_KEPT


@pytest.mark.parametrize("path", [ADD, CHANGE, "/deconnexion"])
def test_what_is_only_posted_is_a_page_that_leads_back_otherwise(browser, path):
    assert designed(browser.get(path, status=405))
    assert browser.lines() == BASKET_KEPT


@pytest.mark.parametrize(
    "path",
    [
        "/",
        SHOP,
        f"{SHOP}/regina",
        "/panier",
        "/conditions-generales",
        "/mentions-legales",
        "/donnees-personnelles",
        "/allergenes",
        "/pizzeria/city-001/allergenes",
        "/equipe",
        "/nulle-part",
        f"/suivi/{'A' * 43}",
        f"/equipe/{HERE}/stock",
    ],
)
def test_posting_to_what_is_only_read_changes_nothing(browser, path):
    check(browser.post_form(path, {"size": "1", "vider": "1"}), path)
    assert browser.lines() == BASKET_KEPT


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "HEAD"])
def test_other_methods_change_nothing(browser, method):
    for path in ("/panier", ADD, CHANGE, CHECKOUT):
        headers = {"X-CSRF-Token": browser.token()}
        answer = browser.request(path, method=method, headers=headers, expect_errors=True)
        assert answer.status_int < 500
    assert browser.lines() == BASKET_KEPT


def test_a_product_that_nobody_sells_is_refused_at_every_restaurant(website, browser):
    for shop in (SHOP, "/pizzeria/city-002"):
        for size in ("0", "999", str(2**31 - 1)):
            check(browser.post_form(f"{shop}/ajouter", {"size": size, "quantity": "1"}), size)
    assert browser.lines() == BASKET_KEPT


def test_options_of_another_product_are_refused(website, browser):
    size = str(website.pizzeria.size("margherita").id)
    ham = str(website.pizzeria.ingredients["jambon"].id)
    flour = str(website.pizzeria.ingredients["farine"].id)
    for option in (("without", ham), ("extra", ham), ("without", flour)):
        page = browser.post_form(ADD, [("size", size), ("quantity", "1"), option]).follow()
        assert "Cet article n’est pas à la carte de ce restaurant." in words(page)
    assert browser.lines() == BASKET_KEPT


def test_too_many_options_are_refused(website, browser):
    size = str(website.pizzeria.size("margherita").id)
    many = [("extra", str(number)) for number in range(1, 1000)]
    page = browser.post_form(ADD, [("size", size), ("quantity", "1"), *many]).follow()
    assert "C’est trop d’options." in words(page)
    assert browser.lines() == BASKET_KEPT


def test_a_line_of_another_visitors_basket_is_left_alone(website, browser):
    other = website.browser()
    other.add("regina")
    other.post_form(CHANGE, {"line": "1", "quantity": "0"})
    other.post_form(CHANGE, {"line": "1", "quantity": "9"})
    assert browser.lines() == BASKET_KEPT
    assert other.lines() == [("Regina", 1)]
