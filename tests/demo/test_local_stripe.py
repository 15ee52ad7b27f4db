"""The simulator is as strict as Stripe: what it lets pass would hide a fault of the shop."""

import hmac
import http.client
import http.server
import json
import socket
import subprocess
import urllib.error
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from queue import Queue
from threading import Thread

import pytest

from local_stripe_server import (
    DECLINED,
    GOOD,
    POOR,
    SECURE,
    SECURE_THEN_DECLINED,
    LocalStripe,
    local_stripe,
)

ASKED = {"amount": 1450, "currency": "eur", "capture_method": "manual"}
INTENTS = "/v1/payment_intents"
CUT = (urllib.error.URLError, http.client.HTTPException, ConnectionError)


@pytest.fixture(scope="module")
def server() -> Iterator[LocalStripe]:
    with local_stripe() as server:
        yield server


@pytest.fixture
def stripe(server) -> LocalStripe:
    server.work_again()
    return server


@pytest.fixture
def intent(stripe) -> dict:
    return stripe.post(INTENTS, **ASKED)[1]


def status_of(stripe, intent) -> str:
    return stripe.intents()[intent["id"]]["status"]


def test_a_card_that_is_kept_pays_alone_unless_its_bank_asks(stripe):
    customer = stripe.post("/v1/customers")[1]["id"]
    asked = ASKED | {"customer": customer}
    secret = stripe.post(INTENTS, **asked)[1]["client_secret"]
    card_id = stripe.confirm(secret, GOOD, keep=True)[1]["payment_method"]
    alone = {"payment_method": card_id, "error_on_requires_action": "true"}
    for number, expected, code in (
        (GOOD, "requires_capture", None),
        (SECURE, "requires_payment_method", "authentication_required"),
        (DECLINED, "requires_payment_method", "card_declined"),
    ):
        stripe.become(card_id, number)
        intent = stripe.post(INTENTS, **asked)[1]
        status, answer = stripe.post(f"{INTENTS}/{intent['id']}/confirm", **alone)
        assert (status, answer.get("error", {}).get("code")) == (402 if code else 200, code)
        assert status_of(stripe, intent) == expected


def test_an_amount_is_authorised_then_captured_once(stripe, intent):
    assert stripe.confirm(intent["client_secret"], GOOD)[1]["status"] == "requires_capture"
    status, captured = stripe.post(f"{INTENTS}/{intent['id']}/capture", amount_to_capture=1200)
    assert (status, captured["amount_received"], captured["status"]) == (200, 1200, "succeeded")
    status, again = stripe.post(f"{INTENTS}/{intent['id']}/capture")
    assert (status, again["error"]["code"]) == (400, "payment_intent_unexpected_state")


@pytest.mark.parametrize(
    ("card", "why"), [(DECLINED, "generic_decline"), (POOR, "insufficient_funds")]
)
def test_a_declined_card_can_be_replaced_by_another(stripe, intent, card, why):
    status, answer = stripe.confirm(intent["client_secret"], card)
    assert (status, answer["error"]["decline_code"]) == (402, why)
    assert status_of(stripe, intent) == "requires_payment_method"
    assert stripe.confirm(intent["client_secret"], GOOD)[0] == 200


@pytest.mark.parametrize(
    ("card", "success", "status"),
    [
        (SECURE, True, "requires_capture"),
        (SECURE, False, "requires_payment_method"),
        (SECURE_THEN_DECLINED, True, "requires_payment_method"),
    ],
)
def test_the_bank_may_ask_first(stripe, intent, card, success, status):
    assert stripe.confirm(intent["client_secret"], card)[1]["status"] == "requires_action"
    stripe.authenticate(intent["client_secret"], success)
    assert status_of(stripe, intent) == status


def test_no_more_can_be_captured_or_given_back_than_there_is(stripe, intent):
    stripe.confirm(intent["client_secret"])
    path = f"{INTENTS}/{intent['id']}"
    assert stripe.post(f"{path}/capture", amount_to_capture=1451)[0] == 400
    assert stripe.post(f"{path}/capture", amount_to_capture=1000)[0] == 200
    back = {"payment_intent": intent["id"]}
    assert stripe.post("/v1/refunds", amount=1001, **back)[0] == 400
    assert stripe.post("/v1/refunds", amount=400, **back)[1]["status"] == "succeeded"
    assert stripe.post("/v1/refunds", amount=601, **back)[0] == 400
    assert stripe.post("/v1/refunds", **back)[1]["amount"] == 600
    status, answer = stripe.post("/v1/refunds", **back)
    assert (status, answer["error"]["code"]) == (400, "charge_already_refunded")


def test_a_cancelled_intent_takes_nothing_any_more(stripe, intent):
    stripe.confirm(intent["client_secret"])
    assert stripe.post(f"{INTENTS}/{intent['id']}/cancel")[1]["amount_capturable"] == 0
    for what in ("capture", "cancel"):
        assert stripe.post(f"{INTENTS}/{intent['id']}/{what}")[0] == 400
    assert stripe.confirm(intent["client_secret"])[0] == 400


def test_less_than_fifty_cents_is_refused(stripe):
    assert stripe.post(INTENTS, **ASKED | {"amount": 49})[1]["error"]["code"] == "amount_too_small"


def test_the_same_key_gives_the_same_answer_and_acts_once(stripe):
    first = stripe.post(INTENTS, key="one", **ASKED)
    assert stripe.post(INTENTS, key="one", **ASKED) == first
    status, answer = stripe.post(INTENTS, key="one", **ASKED | {"amount": 99})
    assert (status, answer["error"]["type"]) == (400, "idempotency_error")
    assert stripe.post(INTENTS, key="two", **ASKED)[1]["id"] != first[1]["id"]


def test_a_refusal_is_kept_under_its_key_too(stripe, intent):
    path = f"{INTENTS}/{intent['id']}/capture"
    refused = stripe.post(path, key="early")
    stripe.confirm(intent["client_secret"])
    assert stripe.post(path, key="early") == refused
    assert stripe.post(path, key="later")[0] == 200


def test_nobody_acts_without_a_key_or_the_client_secret(stripe, intent):
    assert stripe.call("GET", f"{INTENTS}/{intent['id']}")[0] == 401
    assert stripe.call("POST", f"{INTENTS}/{intent['id']}/capture", {})[0] == 401
    assert stripe.confirm(f"{intent['id']}_secret_guessed")[0] == 401


def test_a_connection_is_cut_before_or_after_it_acted(stripe, intent):
    stripe.confirm(intent["client_secret"])
    path = f"{INTENTS}/{intent['id']}/capture"
    stripe.fail("POST .*/capture", "before")
    with pytest.raises(CUT):
        stripe.post(path, key="cut")
    assert status_of(stripe, intent) == "requires_capture"
    stripe.fail("POST .*/capture", "after")
    with pytest.raises(CUT):
        stripe.post(path, key="cut")
    assert status_of(stripe, intent) == "succeeded"
    assert stripe.post(path, key="cut")[1]["status"] == "succeeded"


@pytest.mark.parametrize(("kind", "status"), [("error", 500), ("refused", 402)])
def test_it_answers_errors_on_demand(stripe, kind, status):
    stripe.fail("POST /v1/payment_intents$", kind)
    assert stripe.post(INTENTS, **ASKED)[0] == status
    assert stripe.post(INTENTS, **ASKED)[0] == 200


def test_it_answers_nonsense_on_demand(stripe):
    stripe.fail("POST /v1/payment_intents$", "nonsense")
    with pytest.raises(json.JSONDecodeError):
        stripe.post(INTENTS, **ASKED)


def test_events_come_at_once_signed_and_of_the_right_version(stripe, listener):
    url, heard = listener
    stripe.tell(url, "whsec_test")
    intent = stripe.post(INTENTS, **ASKED)[1]
    stripe.confirm(intent["client_secret"], DECLINED)
    stripe.confirm(intent["client_secret"], GOOD)
    stripe.post(f"{INTENTS}/{intent['id']}/cancel")
    kinds = []
    for _ in range(4):
        payload, signature = heard.get(timeout=10)
        at, signed = (part.split("=")[1] for part in signature.split(","))
        right = hmac.new(b"whsec_test", f"{at}.".encode() + payload, sha256).hexdigest()
        assert signed == right
        event = json.loads(payload)
        assert event["api_version"] == "2020-08-27"
        kinds.append(event["type"])
    assert sorted(kinds) == [
        "payment_intent.amount_capturable_updated",
        "payment_intent.canceled",
        "payment_intent.created",
        "payment_intent.payment_failed",
    ]


def test_it_listens_on_loopback_and_writes_no_file(stripe, intent):
    port = stripe.url.rpartition(":")[2]
    sockets = subprocess.run(["ss", "-Hltn", f"sport = :{port}"], capture_output=True, text=True)
    assert [line.split()[3] for line in sockets.stdout.splitlines()] == [f"127.0.0.1:{port}"]
    assert not Path("/tmp/localstripe.pickle").exists()


@pytest.fixture
def listener() -> Iterator[tuple[str, Queue]]:
    """An address that keeps what it is told."""
    heard: Queue = Queue()

    class Keep(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            heard.put((self.rfile.read(size), self.headers["Stripe-Signature"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_) -> None:
            pass

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Keep)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{port}/", heard
    server.shutdown()
    server.server_close()
