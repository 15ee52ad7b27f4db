"""What a provider says has any shape; what is told has one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpizza.identity.claims import read_facebook, read_google
from ocpizza.identity.provider import BadAnswer
from providers import ALICE

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside, max_size=3),
    max_leaves=5,
)
FIELDS = ("sub", "id", "email", "email_verified", "given_name", "family_name", "first_name")
SAID = st.dictionaries(st.sampled_from(FIELDS), ANYTHING)


@given(SAID)
def test_whatever_is_said_gives_a_person_that_fits_or_a_bad_answer(said):
    for read in (read_google, read_facebook):
        try:
            claims = read(said)
        except BadAnswer:
            continue
        assert 0 < len(claims.subject) <= 255
        assert claims.email is None or (
            claims.email == claims.email.lower() and "@" in claims.email
        )
        assert max(len(claims.first_name), len(claims.last_name)) <= 100
        assert "\x00" not in claims.first_name + claims.last_name


@pytest.mark.parametrize("verified", [True, "true"])
def test_an_address_is_verified_only_where_google_says_so(verified):
    assert read_google(ALICE | {"email_verified": verified}).email_verified


@pytest.mark.parametrize("verified", [False, "false", "yes", 1.5, "", None, [], ["true"], {}])
def test_anything_else_does_not_verify_it(verified):
    assert not read_google(ALICE | {"email_verified": verified}).email_verified


def test_an_address_is_kept_in_lower_case():
    assert read_google(ALICE | {"email": " Alice@Example.ORG "}).email == "alice@example.org"


@pytest.mark.parametrize("email", ["", "alice", "a@b", "a b@c.fr", "a@c.fr\nBcc: x@y.fr", 7, None])
def test_what_is_no_address_is_none(email):
    assert read_google(ALICE | {"email": email}).email is None


def test_names_lose_what_cannot_be_shown():
    claims = read_google(ALICE | {"given_name": "Al\u202eice\x00\n", "family_name": "B" * 300})
    assert (claims.first_name, claims.last_name) == ("Alice", "B" * 100)
