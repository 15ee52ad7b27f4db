"""What somebody typed is not lost when they must first show who they are, and is theirs alone."""

import importlib
import pkgutil
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
import webtest
from pyramid.request import Request
from sqlalchemy import delete, func, select, update
from wtforms import PasswordField
from wtforms.fields.core import UnboundField

import ocpizza.forms
from factories import PASSWORD, author_of, make_promotion
from ocpizza.forms.base import BaseForm
from ocpizza.models.kept_form import KeptForm
from ocpizza.models.order_status import Status
from ocpizza.models.promotion import Promotion
from ocpizza.models.sign_in import SignInSession
from ocpizza.models.vat import Mode
from ocpizza.security.page_marks import FIELD as CSRF_TOKEN
from ocpizza.services.account.kept_forms import forget_kept_forms
from ocpizza.services.account.quick_codes import set_quick_code
from ocpizza.services.stock.count import begin_count
from ocpizza.services.till.close import Counted, close_till
from ocpizza.services.till.drawer import drawer_of
from ocpizza.services.till.session import find_till
from ocpizza.views.kept_forms import SECRET as NEVER_KEPT
from security.test_capabilities import posting_routes
from security.test_roles import PAGES, order_in, path_of
from views.pages import form_of, notices, place, soup, words
from views.website import HERE, sign_in

WORK = f"/equipe/{HERE}"
NEW_PROMOTION = f"{WORK}/promotions/nouvelle"
NEW_COLLEAGUE = f"{WORK}/personnel/nouveau"
PLACES = ("/equipe", "/compte")
FILLED = "Voici ce que vous aviez tapé : rien n’en est enregistré. Vérifiez, puis envoyez."
NOT_LOST = "Rien n’est perdu : vous reprendrez là où vous en étiez."
SOMEBODY_ELSES = "Ce formulaire a été ouvert par quelqu’un d’autre : rien n’est enregistré."
# Names of what opens something: never kept, so never filled in again.
SECRET = {"csrf_token", "password", "current", "confirmation", "digits"}
# Where nothing is typed that may be kept: a button, a password, a code, a file.
# fmt: off
PRESSED = {
    "account_card_remove",
    "account_favourite",
    "account_data",
    "account_email_link",
    "account_keep",
    "account_link",
    "account_password",
    "account_proof",
    "account_proof_provider",
    "account_recovery_codes",
    "account_second_factor_begin",
    "account_second_factor_remove",
    "account_unlink",
    "colleague_delete",
    "colleague_password",
    "colleague_second_factor",
    "colleague_switch",
    "confirm_email",
    "confirm_order",
    "device_code",
    "device_code_remove",
    "exceptional_days_remove",
    "give_back",
    "nobody_there",
    "product_photo",
    "product_photo_remove",
    "product_price_call_off",
    "product_price_drop",
    "product_sell",
    "promotion_delete",
    "promotion_switch",
    "repeat_order",
    "resume",
    "sign_out_everywhere",
    "staff_change_order",
    "stock_count",
    "stock_count_differences",
    "stock_count_give_up",
    "stock_sold_out",
    "stock_sold_out_undo",
    "undo_step",
}
# fmt: on
# Sent by the telephone itself, which keeps it; and the buttons of the till's one form.
OTHERWISE = {
    "deliveries_tap",
    # Asks nothing of what the group has not said to be a meat.
    "meat_here",
    "till_promotion",
    "till_add",
    "till_caller",
    "till_give_up",
    "till_line",
    "till_place",
}


def end_sessions(website, who: str) -> None:
    with website.session() as session:
        mine = SignInSession.account_id == website.account(who).id
        session.execute(delete(SignInSession).where(mine))


def kept(website) -> list[KeptForm]:
    with website.session() as session:
        return [*session.scalars(select(KeptForm))]


@contextmanager
def later(**after: int):
    with time_machine.travel(datetime.now(UTC) + timedelta(**after), tick=False):
        yield


def leads_to(answer) -> str:
    """The page that signing in, or the proof, leads to."""
    assert answer.status_int == 303
    (suite,) = parse_qs(urlsplit(place(answer)).query)["suite"]
    return suite


def typed_form(browser, page: str = NEW_PROMOTION, **fields: str):
    form = browser.form(page, page)
    for name, value in (fields or {"code": "ETE", "name": "L’été <b>"}).items():
        form[name] = value
    return form


def type_in(form: webtest.Form, mark: str) -> dict[str, list[str]]:
    """Type into each field; what the form would send of that, by name."""
    for name, several in form.fields.items():
        for at, each in enumerate(several):
            if name is None or name in SECRET or isinstance(each, webtest.forms.Submit):
                continue
            if isinstance(each, webtest.forms.Checkbox):
                each.checked = not each.checked
            elif isinstance(each, webtest.forms.Radio | webtest.forms.Select):
                each.value = [option for option, *_ in each.options][-1]
            elif not isinstance(each, webtest.forms.Hidden):
                each.value = "2027-03-04" if each.attrs.get("type") == "date" else f"{mark}{at}"
    return sent_by(form)


def sent_by(form: webtest.Form) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    for name, value in form.submit_fields():
        if name not in SECRET and name != "reprise":
            sent.setdefault(name, []).append(value)
    return sent


def is_typed_in(form) -> bool:
    untyped = "[type=hidden], [type=password], [type=file], [type=submit]"
    typed = f"input:not({untyped}), textarea, select"
    return any(each.get("name") not in (None, *SECRET) for each in form.select(typed))


def at_work(website):
    """A restaurant with something on every page, one step after the other; its orders by then."""
    orders = [website.order(status) for status in (Status.TO_PREPARE, Status.READY)]
    carried = order_in(
        website, Status.OUT_FOR_DELIVERY, Mode.DELIVERY, website.account("driver").id
    )
    with website.session() as session:
        make_promotion(session, at=[website.pizzeria.restaurant])
    yield [*orders, carried]
    step = {"before": "out_for_delivery", "after": "delivered", "means": "cash", "due": "1200"}
    website.staff("driver").post_form(f"{WORK}/commandes/{carried.number}/statut", step)
    with website.session() as session:
        cashier = session.merge(website.account("cashier"))
        begin_count(session, website.pizzeria.restaurant.id, cashier.id, datetime.now(UTC))
    yield [*orders, carried]
    cashier = website.account("cashier")
    with website.session() as session:
        till = find_till(session, website.pizzeria.restaurant.id)
        expected = drawer_of(session, till).expected_cents
        who = author_of(session.merge(cashier))
        close_till(session, till, Counted({1: expected}, expected), who, datetime.now(UTC))
    yield [*orders, carried]


def forms_of(website, who: str, page: str):
    """The forms of a page that somebody types in; each with the route that it posts to."""
    answer = website.staff(who).get(page, expect_errors=True)
    if answer.status_int != 200 or answer.content_type != "text/html":
        return
    for found in answer.html.select("form[method=post]"):
        path = urlsplit(found["action"]).path
        if path.startswith(PLACES) and is_typed_in(found) and not found.find_parent("template"):
            route = website.application.routes_mapper(Request.blank(path))["route"]
            yield route.name, webtest.Form(answer, str(found))


def pages_of(website, orders) -> list[str]:
    pages = [
        path_of(website, route, order)
        for route, method in PAGES
        for order in orders
        if method == "GET"
    ]
    return [path for path in dict.fromkeys(pages) if path.startswith(PLACES) and "." not in path]


def test_what_is_typed_in_any_form_is_there_again_after_signing_in(website):
    tried, lost = set(), []
    for orders in at_work(website):
        for who in ("direction", "manager", "customer"):
            for page in pages_of(website, orders):
                for route, form in forms_of(website, who, page):
                    if route in tried:
                        continue
                    tried.add(route)
                    sent = type_in(form, f"T{len(tried)}")
                    end_sessions(website, who)
                    refused = form.submit(headers={"Referer": f"http://localhost:80{page}"})
                    again = website.staff(who).get(leads_to(refused), expect_errors=True)
                    forms = [
                        sent_by(webtest.Form(again, str(each)))
                        for each in again.html.select("form[method=post]")
                        if not each.find_parent("template")
                    ]
                    if sent not in forms or FILLED not in words(again):
                        lost.append((who, route, sent, forms))
    assert "\n".join(map(repr, lost)) == ""
    posting = {
        route
        for route, explicit in posting_routes(website).items()
        if (explicit or route == "advance_order")
        and path_of(website, route, orders[0]).startswith(PLACES)
    }
    assert posting - tried == PRESSED | OTHERWISE


def refuse(website, who: str = "manager", **fields: str):
    """The answer to a form that is sent after the session of who filled it in is over."""
    form = typed_form(website.staff(who), **fields)
    end_sessions(website, who)
    return form.submit()


def test_signing_in_leads_to_the_form_and_sending_it_saves_it_once(website):
    form = typed_form(website.staff("manager"), code="ETE", name="L’été", percent="10")
    with later(minutes=11):
        refused = form.submit()
        assert leads_to(refused) == f"{NEW_PROMOTION}?reprise=1"
        page = refused.follow()
        assert NOT_LOST in notices(page)
        assert "été" not in page.text
        sign = form_of(page, "/connexion")
        browser = website.browser()
        answer = sign_in(browser, website.chain.identifiers["manager"], path=page.request.path_qs)
        assert sign["suite"].value == leads_to(refused) == place(answer)
        again = answer.follow()
        assert FILLED in words(again)
        filled = form_of(again, NEW_PROMOTION, code="ETE", name="L’été")
        assert len(kept(website)) == 1
        filled.submit(status=303)
        assert kept(website) == []
    with website.session() as session:
        assert [*session.scalars(select(Promotion.code))] == ["ETE"]


def test_nothing_is_sent_by_itself(website):
    page = leads_to(refuse(website))
    again = website.staff("manager").get(page)
    assert FILLED in words(again)
    with website.session() as session:
        assert session.scalar(select(func.count()).select_from(Promotion)) == 0


def test_what_is_typed_stays_text(website):
    page = leads_to(refuse(website, code="A", name='"><b id=x>'))
    again = website.staff("manager").get(page)
    assert soup(again).select("#x") == []
    assert form_of(again, NEW_PROMOTION)["name"].value == '"><b id=x>'


def test_whoever_signs_in_instead_sees_nothing_of_it(website):
    page = leads_to(refuse(website, name="Secrets de Julia"))
    for who in ("direction", "cashier", "customer"):
        answer = website.staff(who).get(page, expect_errors=True)
        assert "Secrets" not in answer.text
        assert FILLED not in words(answer)
    assert FILLED in words(website.staff("manager").get(page))


def test_a_page_of_before_a_new_sign_in_loses_nothing(website):
    """Signed out and in again beside it, the first page has the token of a session that is over."""
    browser = website.staff("manager")
    form = typed_form(browser)
    browser.post_form("/deconnexion")
    assert sign_in(browser, website.chain.identifiers["manager"]).status_int == 303
    refused = form.submit(status=303)
    assert place(refused) == f"{NEW_PROMOTION}?reprise=1"
    assert form_of(refused.follow(), NEW_PROMOTION)["code"].value == "ETE"


@pytest.mark.parametrize("instead", ["direction", "cashier"])
def test_a_page_of_somebody_elses_is_kept_for_them(website, instead):
    """A colleague has taken their place, who may do the same, or may not."""
    form = typed_form(website.staff("manager"), name="Secrets de Julia")
    other = website.staff(instead)
    refused = other.post(NEW_PROMOTION, form.submit_fields())
    page, shown = leads_to(refused), other.get(place(refused))
    assert SOMEBODY_ELSES in words(shown)
    assert "Secrets" not in shown.text
    assert "Secrets" not in other.get(page, expect_errors=True).text
    assert form_of(website.staff("manager").get(page), NEW_PROMOTION)["name"].value == (
        "Secrets de Julia"
    )


def test_whoever_may_not_do_it_is_refused_as_before(website):
    cashier = website.staff("cashier")
    assert cashier.post_form(NEW_PROMOTION, {"code": "X", "name": "X"}).status_int == 403
    assert kept(website) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
    ],
)
def test_what_another_site_sends_is_not_kept(website, headers):
    form = typed_form(website.staff("manager"))
    end_sessions(website, "manager")
    refused = form.submit(headers=headers)
    assert place(refused) == "/connexion"
    assert kept(website) == []


def marks_of(website) -> dict[str, str]:
    """Tokens that do not say, or not truly, whose page it was."""
    token, account, hour, signature = website.staff("manager").token().split(".")
    other = str(website.account("direction").id)
    return {
        "none": token,
        "empty": "",
        "another's": ".".join((token, other, hour, signature)),
        "later": ".".join((token, account, str(int(hour) + 1), signature)),
        "unsigned": ".".join((token, account, hour, "")),
        "of nobody": "...",
        "no number": f"{token}.x.y.{signature}",
    }


@pytest.mark.parametrize(
    "which", ["none", "empty", "another's", "later", "unsigned", "of nobody", "no number"]
)
def test_what_no_page_of_ours_sends_is_not_kept(website, which):
    mark = marks_of(website)[which]
    visitor = website.browser()
    fields = {"code": "X", "name": "X", "csrf_token": mark}
    assert place(visitor.post(NEW_PROMOTION, fields)) == "/connexion"
    assert kept(website) == []


def test_a_page_of_yesterday_keeps_nothing(website):
    form = typed_form(website.staff("manager"))
    with later(hours=26):
        assert place(form.submit()) == "/connexion"
    assert kept(website) == []


def test_a_page_of_a_mark_alone_is_refused_while_signed_in(website):
    """The mark says whose page it was: it is no token."""
    manager = website.staff("manager")
    _token, *mark = manager.token().split(".")
    fields = {"code": "X", "name": "X", "csrf_token": ".".join(["", *mark])}
    assert place(manager.post(NEW_PROMOTION, fields)) == f"{NEW_PROMOTION}?reprise=1"
    with website.session() as session:
        assert session.scalar(select(func.count()).select_from(Promotion)) == 0


def test_no_secret_is_kept(website):
    browser = website.staff("customer")
    form = browser.form("/compte/e-mail", "/compte/e-mail")
    form["email"], form["current"] = "new@example.org", PASSWORD
    end_sessions(website, "customer")
    form.submit(status=303)
    (row,) = kept(website)
    assert row.fields == [["email", "new@example.org"]]


def test_every_field_of_a_password_or_code_is_among_the_secrets():
    for module in pkgutil.iter_modules(ocpizza.forms.__path__, "ocpizza.forms."):
        importlib.import_module(module.name)
    forms, secret = [BaseForm], {CSRF_TOKEN, "confirmation"}
    while forms:
        form = forms.pop()
        forms += form.__subclasses__()
        for name in dir(form):
            field = getattr(form, name)
            if isinstance(field, UnboundField) and issubclass(field.field_class, PasswordField):
                secret.add(name)
    assert secret == NEVER_KEPT == SECRET


def test_no_cookie_holds_it(website):
    form = typed_form(website.staff("manager"), name="Secrets")
    end_sessions(website, "manager")
    refused = form.submit()
    said = "".join(refused.headers.getall("Set-Cookie"))
    assert "Secrets" not in said
    assert len(said) < 2000


def test_what_is_too_long_is_told(website):
    form = typed_form(website.staff("manager"), name="x" * 60_000)
    end_sessions(website, "manager")
    refused = form.submit()
    assert kept(website) == []
    assert place(refused) == "/connexion"
    assert "Ce que vous aviez tapé est trop long pour être gardé." in notices(refused.follow())


def test_it_is_kept_an_hour(website):
    page = leads_to(refuse(website))
    with later(minutes=61):
        assert FILLED not in words(website.staff("manager").get(page))
        with website.session() as session:
            assert forget_kept_forms(session, datetime.now(UTC)) == 1
    assert kept(website) == []


def test_the_last_one_is_kept(website):
    refuse(website, code="A", name="A")
    page = leads_to(refuse(website, code="B", name="B"))
    assert form_of(website.staff("manager").get(page), NEW_PROMOTION)["code"].value == "B"
    assert len(kept(website)) == 1


def test_a_proof_leads_back_to_what_was_typed(website):
    manager = website.at_own_device("manager")
    form = typed_form(manager, NEW_COLLEAGUE, first_name="Zoé", last_name="Lœb")
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11), tick=True):
        refused = form.submit(status=303)
        page = leads_to(refused)
        proof = refused.follow()
        assert NOT_LOST in notices(proof)
        asked = form_of(proof, proof.request.path_qs)
        asked["current"] = PASSWORD
        done = asked.submit(status=303)
        assert place(done) == page == f"{NEW_COLLEAGUE}?reprise=1"
        filled = form_of(done.follow(), NEW_COLLEAGUE)
    assert (filled["first_name"].value, filled["last_name"].value) == ("Zoé", "Lœb")


def test_a_colleagues_change_meanwhile_is_told(website):
    """The version that somebody looked at comes back with what they typed over it."""
    with website.session() as session:
        promotion = make_promotion(session, at=[website.pizzeria.restaurant])
        page = f"{WORK}/promotions/{promotion.id}"
    form = typed_form(website.staff("manager"), page, name="À moi")
    with website.session() as session:
        session.execute(update(Promotion).values(version=Promotion.version + 1, name="Autre"))
    end_sessions(website, "manager")
    back = leads_to(form.submit())
    again = website.staff("manager").get(back)
    answer = form_of(again, page, name="À moi").submit(status=422)
    assert "modifiée entre-temps par quelqu’un d’autre" in words(answer)
    with website.session() as session:
        assert session.scalars(select(Promotion.name)).one() == "Autre"


def test_a_part_of_a_page_has_the_whole_page_go(website):
    manager = website.staff("manager")
    fields = typed_form(manager).submit_fields()
    end_sessions(website, "manager")
    answer = manager.post(NEW_PROMOTION, fields, headers={"HX-Request": "true"}, status=200)
    assert urlsplit(answer.headers["HX-Redirect"]).path == "/connexion"


def test_the_page_that_sent_it_is_one_of_ours(website):
    ours = "http://localhost:80"
    for referer in (
        "http://evil.example/equipe",
        f"{ours}{WORK}/nulle-part",
        f"{ours}{NEW_PROMOTION}?q={'x' * 500}",
        # What no browser of ours says is no crash.
        f"{ours}/equipe/caf\xe9",
        f"{ours}/equipe/%ff",
        "http://[::1",
    ):
        form = typed_form(website.staff("manager"))
        end_sessions(website, "manager")
        refused = form.submit(headers={"Referer": referer})
        assert leads_to(refused) == f"{NEW_PROMOTION}?reprise=1"


def test_what_a_telephone_sends_again_by_itself_is_answered_as_before(website):
    driver = website.staff("driver")
    token, fields = driver.token(), {"key": "x", "kind": "take", "order": "K7QM-2F9X"}
    driver.post_form("/deconnexion")
    # Signed in anew, its page asks for another token and sends it once more.
    assert sign_in(driver, website.chain.identifiers["driver"]).status_int == 303
    driver.post(f"{WORK}/livraisons/appui", fields | {"csrf_token": token}, status=400)
    end_sessions(website, "driver")
    refused = driver.post(f"{WORK}/livraisons/appui", fields | {"csrf_token": token}, status=303)
    assert place(refused) == "/connexion"
    assert kept(website) == []


def test_four_digits_lead_back_too_by_way_of_the_proof_that_they_are_none(website):
    browser = website.browser()
    manager = website.account("manager")
    with website.session() as session:
        set_quick_code(session, session.merge(manager), "4725", datetime.now(UTC))
    form = browser.form("/connexion", "/connexion")
    form["identifier"], form["password"] = website.chain.identifiers["manager"], PASSWORD
    form.submit(status=303)
    browser.post_form("/equipe/appareil", {"kind": "partage"})
    form = typed_form(browser, NEW_COLLEAGUE, first_name="Zoé", last_name="Lœb")
    end_sessions(website, "manager")
    page = form.submit(status=303).follow()
    quick = form_of(page, "/connexion/rapide")
    quick["person"], quick["digits"] = str(manager.id), "4725"
    back = quick.submit(status=303)
    assert place(back) == f"{NEW_COLLEAGUE}?reprise=1"
    proof = back.follow().follow()
    asked = form_of(proof, proof.request.path_qs)
    asked["current"] = PASSWORD
    again = asked.submit(status=303).follow()
    assert form_of(again, NEW_COLLEAGUE)["first_name"].value == "Zoé"
