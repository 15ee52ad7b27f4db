"""The known weaknesses of authomatic 1.3.0 are closed: tried on a provider that checks, or lies."""

import json
import logging
import time
from urllib.parse import parse_qsl, urlsplit

import pytest

from ocpizza.domain.identity import Challenge
from ocpizza.identity import exchange as exchanging
from ocpizza.identity import make_providers
from ocpizza.identity.provider import BadAnswer, Declined, ProviderDown
from ocpizza.settings import SettingError
from providers import ALICE_OF_FACEBOOK, CHALLENGE, CLIENT, DEFAULTS, RETURN, SECRET, hang_up, say


def sent(asked, challenge=CHALLENGE) -> str:
    return asked.authorization_url(challenge, RETURN)


def come_back(there, asked, **changed):
    answer = there.agree(sent(asked)) | changed
    return asked.identify(answer, CHALLENGE, RETURN)


def test_google_tells_who_somebody_is_and_vouches_for_their_address(there):
    claims = come_back(there, make_providers(DEFAULTS | there.settings)["google"])
    assert (claims.provider, claims.subject) == ("google", "google-alice")
    assert (claims.email, claims.email_verified) == ("alice@example.org", True)
    assert (claims.first_name, claims.last_name) == ("Alice", "Bernard")


def test_facebook_vouches_for_no_address(there):
    there.person = ALICE_OF_FACEBOOK | {"email_verified": True, "verified": True}
    claims = come_back(there, make_providers(DEFAULTS | there.settings)["facebook"])
    assert (claims.provider, claims.subject) == ("facebook", "1001")
    assert (claims.email, claims.email_verified) == ("alice@example.org", False)
    assert (claims.first_name, claims.last_name) == ("Alice", "Bernard")


def test_the_request_carries_our_state_our_address_and_a_challenge(asked):
    query = dict(parse_qsl(urlsplit(sent(asked)).query))
    assert query["state"] == CHALLENGE.state
    assert query["redirect_uri"] == RETURN
    assert query["response_type"] == "code"
    assert query["client_id"] == CLIENT
    # RFC 7636, appendix B, with our verifier: S256 without padding
    assert len(query["code_challenge"]) == 43
    assert query["code_challenge_method"] == "S256"
    assert SECRET not in sent(asked)


def test_the_real_endpoints_are_those_of_today(name):
    keys = {f"{name}.client_id": "x", f"{name}.client_secret": "y"}
    url = sent(make_providers(DEFAULTS | keys)[name])
    expected = {
        "google": "https://accounts.google.com/o/oauth2/v2/auth?",
        "facebook": "https://www.facebook.com/v24.0/dialog/oauth?",
    }
    assert url.startswith(expected[name])


def test_the_version_of_the_graph_is_a_setting(there):
    there.person = ALICE_OF_FACEBOOK
    settings = DEFAULTS | there.settings | {"facebook.graph_version": "v31.7"}
    come_back(there, make_providers(settings)["facebook"])
    assert [each.path for each in there.requests] == ["/v31.7/oauth/access_token", "/v31.7/me"]


def test_a_code_is_worth_nothing_without_the_verifier_of_its_request(there, asked):
    answer = there.agree(sent(asked))
    with pytest.raises(BadAnswer):
        asked.identify(answer, Challenge(CHALLENGE.state, "another" * 7), RETURN)


def test_a_code_is_worth_nothing_a_second_time(there, asked):
    there.person |= {"id": "1001"}
    answer = there.agree(sent(asked))
    asked.identify(answer, CHALLENGE, RETURN)
    with pytest.raises(BadAnswer):
        asked.identify(answer, CHALLENGE, RETURN)


def test_a_code_is_worth_nothing_at_another_address(there, asked):
    answer = there.agree(sent(asked))
    with pytest.raises(BadAnswer):
        asked.identify(answer, CHALLENGE, RETURN + "/ailleurs")


@pytest.mark.parametrize("state", ["", "forged", CHALLENGE.state + "x", "é" * 40])
def test_a_code_with_another_state_is_not_even_tried(there, asked, state):
    with pytest.raises(BadAnswer):
        come_back(there, asked, state=state)
    assert there.requests == []


def test_parameters_too_many_change_nothing(there, asked):
    there.person |= {"id": "1001"}
    claims = come_back(there, asked, user_state="x", prompt="none", redirect_uri="http://evil/")
    assert claims.email == "alice@example.org"


def test_a_refusal_by_the_person_is_one(asked):
    answer = {"error": "access_denied", "state": CHALLENGE.state}
    with pytest.raises(Declined):
        asked.identify(answer, CHALLENGE, RETURN)


@pytest.mark.parametrize("answer", [{"error": "server_error"}, {"state": "x"}, {}, {"code": ""}])
def test_neither_a_code_nor_a_refusal_is_a_bad_answer(there, asked, answer):
    with pytest.raises(BadAnswer):
        asked.identify(answer, CHALLENGE, RETURN)
    assert there.requests == []


NONSENSE = [
    (200, "<html><body>Sorry</body></html>"),
    (200, "access_token=stolen&sub=google-alice&id=1001"),
    (200, "[]"),
    (200, '"text"'),
    (200, "null"),
    (200, ""),
    (200, "{" * 50_000),
    (200, b"\xff\xfe\x00"),
    (200, '{"a": "' + "x" * 70_000 + '"}'),
    (200, "{}"),
    (200, '{"access_token": ["x"], "sub": {"a": 1}, "id": 7}'),
    (200, '{"access_token": "x", "expires_in": "soon", "expires": "soon", "sub": "", "id": ""}'),
    (200, '{"access_token": "x\\r\\nHost: evil", "token_type": "Bearer"}'),
    (200, '{"access_token": "\\u20ac", "token_type": "Bearer"}'),
    (400, '{"error": "invalid_grant"}'),
    (403, '{"access_token": "x", "sub": "google-alice", "id": "1001"}'),
    (204, ""),
]
XML = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'


@pytest.mark.parametrize("step", ["token", "person"])
@pytest.mark.parametrize(("status", "text"), [*NONSENSE, (200, XML)])
def test_nonsense_is_a_bad_answer(there, asked, step, status, text):
    there.answers[step] = say(status, text)
    with pytest.raises(BadAnswer):
        come_back(there, asked)


@pytest.mark.parametrize("step", ["token", "person"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_with_our_secrets(there, asked, step, status):
    there.answers[step] = say(status, "", Location=f"{there.address}/elsewhere")
    with pytest.raises(BadAnswer):
        come_back(there, asked)
    assert all(each.path != "/elsewhere" for each in there.requests)


@pytest.mark.parametrize("step", ["token", "person"])
@pytest.mark.parametrize("answer", [say(500, "{}"), say(503, "<html>"), say(429, "{}"), hang_up])
def test_a_provider_in_trouble_is_down(there, asked, step, answer):
    there.answers[step] = answer
    with pytest.raises(ProviderDown):
        come_back(there, asked)


def test_a_provider_that_is_not_there_is_down(there, name):
    settings = DEFAULTS | there.settings
    for key in ("google.token_url", "facebook.graph_url"):
        settings[key] = "http://127.0.0.1:9/nobody"
    with pytest.raises(ProviderDown):
        come_back(there, make_providers(settings)[name])


def drip(handler) -> None:
    """A byte at a time, for ever: no single read takes long."""
    handler.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
    try:
        while True:
            handler.wfile.write(b"x")
            time.sleep(0.05)
    except OSError:
        handler.close_connection = True


def silent(handler) -> None:
    handler.connection.settimeout(30)
    handler.rfile.read(1)
    handler.close_connection = True


@pytest.mark.parametrize("slow", [drip, silent])
@pytest.mark.parametrize("step", ["token", "person"])
def test_a_slow_provider_is_given_up(there, name, step, slow, monkeypatch):
    assert exchanging.MAX_SECONDS == 10
    monkeypatch.setattr(exchanging, "MAX_SECONDS", 0.6)
    there.answers[step] = slow
    started = time.monotonic()
    with pytest.raises(ProviderDown):
        come_back(there, make_providers(DEFAULTS | there.settings)[name])
    assert time.monotonic() - started < 5


def test_the_token_goes_into_a_header_and_never_into_an_address(there, asked):
    there.person |= {"id": "1001"}
    come_back(there, asked)
    claims = there.requests[-1]
    (token,) = there.tokens
    assert claims.headers["Authorization"] == f"Bearer {token}"
    assert token not in claims.query.values()
    assert "Referer" not in claims.headers


def test_facebook_is_asked_for_no_more_than_is_needed(there):
    there.person = ALICE_OF_FACEBOOK
    come_back(there, make_providers(DEFAULTS | there.settings)["facebook"])
    assert there.requests[-1].query["fields"] == "id,first_name,last_name,email"
    assert len(there.requests[-1].query["appsecret_proof"]) == 64


def test_what_the_tokens_answer_says_of_a_person_is_not_believed(there, asked):
    there.person |= {"id": "1001"}
    del there.person["email"]
    token = {
        "access_token": "t",
        "token_type": "MAC",
        "sub": "google-mallory",
        "id": "666",
        "email": "mallory@example.org",
        "email_verified": True,
        "credentials": "x",
        "provider": "x",
    }
    there.answers["token"] = say(200, json.dumps(token))
    there.tokens["t"] = there.person
    claims = come_back(there, asked)
    assert claims.subject in ("google-alice", "1001")
    assert claims.email is None


def test_two_people_at_once_share_nothing(there, asked):
    there.person |= {"id": "1001"}
    mine, theirs = CHALLENGE, Challenge("another-" + "o" * 35, "their-" + "h" * 45)
    answers = [there.agree(sent(asked, mine)), there.agree(sent(asked, theirs))]
    assert asked.identify(answers[1], theirs, RETURN).subject
    assert asked.identify(answers[0], mine, RETURN).subject
    assert SECRET not in sent(asked)


def test_nothing_secret_is_written_or_told(there, asked, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    there.person |= {"id": "1001"}
    come_back(there, asked)
    there.answers["person"] = say(400, '{"error": "leaked-answer"}')
    with pytest.raises(BadAnswer) as failed:
        come_back(there, asked)
    written = "".join((*capfd.readouterr(), caplog.text, repr(failed.value), repr(asked)))
    secret = [SECRET, CHALLENGE.code_verifier, CHALLENGE.state, "leaked-answer", *there.tokens]
    assert [word for word in secret if word in written] == []


def test_without_a_client_there_is_no_button_and_nobody_is_sent(name):
    provider = make_providers(DEFAULTS)[name]
    assert not provider.offered
    with pytest.raises(ProviderDown):
        provider.authorization_url(CHALLENGE, RETURN)
    with pytest.raises(ProviderDown):
        provider.identify({"code": "x", "state": CHALLENGE.state}, CHALLENGE, RETURN)


def test_a_client_without_its_secret_is_a_wrong_setting(name):
    with pytest.raises(SettingError, match=f"{name}.client_secret is missing"):
        make_providers(DEFAULTS | {f"{name}.client_id": "x"})


@pytest.mark.parametrize(
    ("key", "address", "target"),
    [
        ("google.authorization_url", "https://accounts.google.com/o", "https://*.google.com"),
        ("google.authorization_url", "https://example.com/o", "https://example.com"),
        ("google.authorization_url", "http://127.0.0.1:99/o", "http://127.0.0.1:99"),
        ("facebook.dialog_url", "https://www.facebook.com", "https://*.facebook.com"),
    ],
)
def test_forms_may_lead_to_the_providers_own_hosts(there, key, address, target):
    settings = DEFAULTS | there.settings | {key: address}
    assert make_providers(settings)[key.partition(".")[0]].form_target == target
