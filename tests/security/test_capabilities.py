"""What opens something (a key, a token, a link) opens nothing while it is missing or another's.

Every field of every form is left out, emptied, and filled with what is somebody else's, by people
with and without a session: nobody learns anything of a stranger, and nothing of theirs changes.
"""

import hashlib
import hmac
import time

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import InstrumentedAttribute

from factories import PASSWORD
from ocpizza.column_types import Credential
from ocpizza.db import Base
from ocpizza.models.sign_in import SignInAttempt
from security.strangers import settle_strangers, untouched
from views.pages import soup
from views.website import CHECKOUT, SHOP, STANLEY, sign_in

OWN, UNKNOWN = object(), "A" * 43
ADDRESS = {"street": "1 rue Haute", "complement": "", "postcode": "75011", "town": "Paris"}
PROFILE = {
    "first_name": "Julia",
    "last_name": "Moreau",
    "phone": "0612345678",
    "birthday": "1986-03-04",
    **{f"delivery-{name}": value for name, value in ADDRESS.items()},
}
# Each form with values that would do; `OWN` is what the page of whoever asks has in it.
FORMS = {
    "language": {"langue": "fr", "suite": "/panier"},
    "basket_add": {"size": "2", "quantity": "1", "without": "", "extra": "", "replace": ""},
    "product": {"size": "2", "quantity": "1", "extra": "", "line": "1", "before": "1 [[2,[],[]]]"},
    "basket_restore": {"size": "2", "quantity": "1", "without": "", "extra": ""},
    "basket_change": {"line": "1", "quantity": "2", "vider": ""},
    "promotion_apply": {"code": "INVENTE"},
    "promotion_remove": {},
    "checkout": {"mode": "delivery", **STANLEY, "email": "", "comment": ""}
    | {
        "means": "cash",
        "accept": "y",
        "of_age": "",
        "key": OWN,
        "total_delivery": "0",
        "total_takeaway": "",
    },
    "pay_return": {},
    "pay_on_delivery": {"means": "cash"},
    "pay_give_up": {},
    "stripe_events": {"id": "evt_1", "type": "payment_intent.succeeded"},
    "find_order": {"number": "K7QM-2F9X", "contact": "0612345678"},
    "leave_order": {"suite": "/panier"},
    "change_order": {},
    "change_details": {**ADDRESS, "comment": ""},
    "change_confirm": {"key": OWN, "total": "0"},
    "change_give_up": {},
    "cancel_order": {"reason": ""},
    "erase_order": {"contact": "0612345678"},
    "sign_in": {"identifier": "nobody", "password": "wrong", "suite": "/compte"},
    "quick_switch": {"person": "1", "digits": "4725", "suite": "/equipe"},
    "device": {"kind": "partage"},
    "device_code": {"digits": "4725"},
    "device_code_remove": {},
    "second_factor": {"code": "123456"},
    "sign_out": {},
    "provider_sign_in": {"suite": "/compte"},
    "sign_up": {
        **PROFILE,
        "email": "julia.moreau@example.org",
        "password": "quatre-fromages",
        "suite": "/compte",
    },
    "forgotten_password": {"email": "nobody@example.org"},
    "reset_password": {"password": "quatre-fromages"},
    "confirm_email": {},
    "repeat_order": {"replace": "1"},
    "repeat_tracked": {"replace": "1"},
    "account_data": {"password": PASSWORD, "confirmation": "non"},
    "account_keep": {},
    "account_profile": {**PROFILE, "language": "fr", "version": "1"},
    "account_password": {"current": "wrong", "password": "quatre-fromages"},
    "account_second_factor_begin": {},
    "account_second_factor_remove": {},
    "account_recovery_codes": {},
    "account_email": {"email": "other@example.org", "current": "wrong"},
    "account_email_link": {},
    "account_link": {},
    "account_proof": {"current": "wrong", "suite": "/compte/connexions"},
    "account_proof_provider": {"suite": "/compte/connexions"},
    "account_unlink": {"identity": "1"},
    "account_card_remove": {"card": "1"},
    "account_favourite": {"product": "1", "retirer": "1", "suite": "/compte"},
    "sign_out_everywhere": {},
    "till_order": {"entry": "ma", **STANLEY, "mode": "delivery", "options": "", "modifier": "1"},
    "till_add": {"size": "2", "count": "1", **STANLEY},
    "till_line": {"quantity": "2", **STANLEY},
    "till_product": {"size": "2", "quantity": "1", "line": "1", "before": "1 [[2,[],[]]]"},
    "till_caller": {"repeat": "1", **STANLEY},
    "till_promotion": {"code": "DIX", "offre": "", "retirer": "", **STANLEY},
    "till_place": {"key": UNKNOWN, "total": "0", "source": "phone", "mode": "delivery", **STANLEY},
    "till_give_up": {},
    "promotion_new": {"code": "X", "name": "X", "kind": "percentage", "percent": "10"},
    "promotion_edit": {"code": "X", "name": "X", "kind": "percentage", "version": "1"},
    "promotion_switch": {"activer": "1"},
    "promotion_delete": {"version": "1"},
    "opening_hours": {"monday_hours": "11:00-23:00", "sunday_hours": "", "seen": UNKNOWN},
    "exceptional_days": {"first_day": "2026-12-24", "last_day": "", "closing_note": "x"},
    "exceptional_days_remove": {"first": "2026-12-24", "last": "2026-12-24"},
    "restaurant_new": {"restaurant_code": "city_003", "slug": "x", "company": "1"},
    "company_new": {"company_code": "x", "registered_name": "X", "siret": "60941728200025"},
    "company": {"registered_name": "X", "siret": "60941728200025", "seen": UNKNOWN},
    "restaurant_details": {
        "shown_name": "X",
        **ADDRESS,
        "delivery_fee_cents": "0",
        "seen": UNKNOWN,
    },
    "deliveries_take": {"order": "K7QM-2F9X"},
    "product_new": {"name": "X", "kind": "pizza", "vat_class": "alcohol", "size_0-name": "X"},
    "product_edit": {"name": "X", "kind": "pizza", "vat_class": "alcohol", "version": "1"},
    "product_recipe": {"row_0-ingredient_id": "1", "row_0-quantity": "1", "version": "1"},
    "product_extras": {"row_0-ingredient_id": "1", "row_0-quantity": "1", "version": "1"},
    "product_prices": {"size_id": "1", "place": "here", "price_cents": "1", "here_1": "1"},
    "product_price_drop": {"size": "1", "shown": "1"},
    "product_price_call_off": {"change": "1"},
    "product_photo": {"photo": "", "shown": ""},
    "product_photo_remove": {"shown": ""},
    "product_sell": {"cacher": "1"},
    "unit_cost": {"cost_cents": "1", "diet": "pork", "spicy": "y", "version": "1"},
    "alcohol_sale": {"alcohol_from_minute": "08:00", "alcohol_to_minute": "22:00", "seen": UNKNOWN},
    "meat": {"bought": "raw", "pork-present": "y", "pork-reared": "France", "seen": ""},
    "meat_here": {"supplier": "own", "seen": ""},
    "deliveries_tap": {
        "driver": "1",
        "key": "3f0c1b6e-6f5b-4e0c-9d5a-0c6a1b2c3d4e",
        "kind": "deliver",
        "order": "K7QM-2F9X",
        "waited": "5",
        "means": "cash",
        "tendered": "50",
    },
    "pause": {"length": "30", "reason": "x"},
    "resume": {},
    "stock_ingredient": {"reason": "supply", "quantity": "1", "counted_in": "1000", "seen": "1"},
    "stock_threshold": {"quantity": "1", "counted_in": "1000", "before": "0"},
    "stock_delivery": {"note": "", "seen": "0"},
    "stock_count": {},
    "stock_count_differences": {"count": "1", "version": "1"},
    "stock_count_give_up": {"count": "1"},
    "stock_count_ingredient": {"quantity": "1", "counted_in": "1000", "before": ""},
    "stock_sold_out": {},
    "stock_sold_out_undo": {"movement": "1"},
    "colleague_new": {"first_name": "X", "last_name": "X", "role": "manager", "identifier": "x"},
    "colleague": {"first_name": "X", "last_name": "X", "role": "manager", "version": "1"},
    "colleague_password": {"version": "1"},
    "colleague_second_factor": {"version": "1"},
    "colleague_switch": {"version": "1", "desactiver": "1"},
    "colleague_delete": {"version": "1"},
    "staff_change_order": {},
    "undelivered_order": {"before": "ready", "reason": "spoiled", "note": ""},
    "nobody_there": {},
    "staff_cancel_order": {"reason": "x", "given_back": "0", "key": UNKNOWN},
    "till_payment": {"cash": "12", "card_terminal": "", "meal_voucher": "", "other": ""}
    | {"later": "", "exact": "", "key": UNKNOWN, "due": "1200"},
    "till_session": {"float_sum": "150", "order": ""},
    "till_movement": {"kind": "put_in", "amount": "5", "note": "x", "key": UNKNOWN},
    "till_driver": {"driver": "1", "shown": "1200", "brought": "12", "why": "x", "key": UNKNOWN},
    "till_close": {"pieces_500": "1", "expected": "0", "note": "x"},
    "give_back": {"given_back": "1200", "key": UNKNOWN},
    "confirm_order": {},
    "refund_order": {"payment": "1", "amount": "1", "reason": "x", "shown": "1200"},
    "undo_step": {"event": "1", "board": ""},
    "advance_order": {"before": "to_prepare", "after": "accepted", "means": "", "board": ""}
    | {"given_back": "0"},
}
EVERYBODY = ("nobody", "guest", "changer", "customer", "cashier.city_002")
# Where the key is found that a form sends.
PAGES = {"checkout": CHECKOUT, "change_confirm": "/modification/recapitulatif"}


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch):
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
def strangers(website):
    with website.session() as session:
        return settle_strangers(session)


def posting_routes(website) -> dict[str, bool]:
    """Every route that answers a post, and whether it says so itself."""
    found = {}
    for each in website.application.registry.introspector.get_category("views"):
        view = each["introspectable"]
        methods = view["request_methods"]
        ours = view["route_name"] and "__static" not in view["route_name"]
        if ours and (not methods or "POST" in methods):
            found[view["route_name"]] = bool(methods) or found.get(view["route_name"], False)
    return found


def arrive(website, who: str):
    """Somebody with a session of their own, as far as they have one; and a page of theirs."""
    if who == "nobody":
        return website.browser(), UNKNOWN
    browser = website.browser()
    if who not in ("guest", "changer"):
        with website.session() as session:
            # Of all the wrong passwords that were just sent.
            session.execute(delete(SignInAttempt))
        assert sign_in(browser, website.chain.identifiers[who]).status_int == 303
    browser.add()
    browser.post_form(CHECKOUT, {"mode": "delivery", **STANLEY})
    if who != "changer":
        return browser, UNKNOWN
    done = browser.payment_form().submit(status=303)
    token = done.location.rpartition("/")[2]
    browser.post_form(f"/suivi/{token}/modifier")
    return browser, token


def own_key(browser, route: str) -> str:
    """The key that the page has for whoever looks at it, if it has a form at all."""
    page = browser.get(PAGES[route])
    key = soup(page).select_one("input[name=key]") if page.status_int == 200 else None
    return key["value"] if key else UNKNOWN


def spoilt(fields, strangers):
    """The form with one field left out, empty, or another's: (what was done, what is sent)."""
    yield "as it is", list(fields.items())
    yield "nothing at all", []
    for name in fields:
        others = [(key, value) for key, value in fields.items() if key != name]
        yield f"without {name}", others
        for value in ["", "null", "0", *strangers.of.get(name, ())]:
            yield f"{name}={value}", [*others, (name, value)]


def path_of(website, route: str, token: str, number: str) -> str:
    parts = {
        "restaurant": SHOP.rpartition("/")[2],
        "token": token,
        "number": number,
        "provider": "google",
        "code": "city_001",
        "promotion": "1",
        "colleague": "1",
        "ingredient": "1",
        "company": "1",
        "report": "1",
        "line": "1",
        "product": "margherita",
        "version": "1",
        "kind": "pizza",
        "codes": "mozzarella",
        "size": "carte",
        "digest": "d" * 32,
    }
    return website.application.routes_mapper.get_route(route).generate(parts)


def test_every_route_that_takes_a_post_has_its_form_here(website):
    named = {route for route, explicit in posting_routes(website).items() if explicit}
    assert named | {"advance_order"} == FORMS.keys()


@pytest.mark.parametrize("who", EVERYBODY)
def test_nothing_of_a_stranger_is_shown_or_changed(website, strangers, who):
    number = strangers.of["number"][0]
    wrong, browser = [], None
    for route in sorted(posting_routes(website), key=FORMS.__contains__):
        # A form may use up what a session has.
        if route in FORMS or browser is None:
            browser, token = arrive(website, who)
            csrf = browser.token() if who != "nobody" else ""
        fields = dict(FORMS.get(route, {"key": UNKNOWN}))
        if fields.get("key") is OWN:
            fields["key"] = own_key(browser, route)
        path = path_of(website, route, token, number)
        for done, sent in spoilt(fields, strangers):
            answer = browser.post(path, [*sent, ("csrf_token", csrf)], expect_errors=True)
            seen = strangers.seen_in(answer, [number, *(value for _, value in sent)])
            if seen or answer.status_int >= 500:
                wrong.append((route, done, answer.status_int, seen))
    assert wrong == []
    with website.session() as session:
        assert untouched(session, strangers)


@pytest.mark.parametrize("token", ["", "null", "0", UNKNOWN, "of a stranger"])
def test_a_token_that_is_not_the_sessions_posts_nothing(website, strangers, token):
    browser, _ = arrive(website, "guest")
    tokens = strangers.of["csrf_token"] if token == "of a stranger" else [token]
    for sent in tokens:
        answer = browser.post("/panier/modifier", {"line": "1", "csrf_token": sent}, status=400)
        assert not strangers.seen_in(answer, tokens)


@pytest.mark.parametrize("header", [None, "", "null", "0", "t=1,v1=", "signed with nothing"])
def test_a_webhook_signed_with_nothing_is_refused(website, monkeypatch, header):
    settings = website.application.registry.settings
    monkeypatch.setitem(settings, "stripe.webhook_secret", "whsec_real")
    body, now = '{"id": "evt_1", "object": "event"}', int(time.time())
    if header == "signed with nothing":
        signature = hmac.new(b"", f"{now}.{body}".encode(), hashlib.sha256).hexdigest()
        header = f"t={now},v1={signature}"
    headers = {} if header is None else {"Stripe-Signature": header}
    website.browser().post("/stripe/evenements", body, headers=headers, status=400)


@pytest.mark.parametrize("state", [None, "", "null", "0"])
def test_coming_back_from_a_provider_without_a_visit_signs_nobody_in(website, strangers, state):
    browser = website.browser()
    query = "" if state is None else f"?state={state}&code=x"
    answer = browser.get(f"/connexion/google/retour{query}", status=303)
    assert answer.location.endswith("/connexion")
    assert not strangers.seen_in(answer)


SECRETS = ("token", "sha256", "key", "stripe", "password_hash", "email", "phone", "identifier")
# What is only shown, or kept beside what is looked up.
SHOWN = {
    "account.phone",
    "account_address.email",
    "account_address.phone",
    "account_token.email",
    "catalogue_state.token",
    "content_change.sha256",
    "external_identity.email",
    "legal_entity.stripe_account",
    "lookup_count.key_sha256",
    "outgoing_mail.dedupe_key",
    "picture.sha256",
    "restaurant.email",
    "restaurant.phone",
    "stripe_removal.stripe_id",
}


def columns_that_open_something():
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if any(word in column.name for word in SECRETS) and column.type.python_type is str:
                yield column


def test_columns_that_open_something_refuse_to_be_compared_with_nothing():
    loose = {
        str(column)
        for column in columns_that_open_something()
        if not isinstance(column.type, Credential)
    }
    assert loose <= SHOWN


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_credential_is_not_compared_with_nothing(nothing):
    guarded = [
        getattr(mapper.class_, name)
        for mapper in Base.registry.mappers
        for name, column in mapper.columns.items()
        if isinstance(column.type, Credential)
    ]
    assert len(guarded) > 15
    for attribute in guarded:
        assert isinstance(attribute, InstrumentedAttribute)
        with pytest.raises(ValueError, match="compared with nothing"):
            attribute == nothing  # noqa: B015
