"""Codes of an authenticator application, by RFC 6238's own examples."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from ocpizza.domain.recovery import MANY, bare, digest_of_code, new_codes
from ocpizza.domain.totp import code_of, key_address, new_key, step_at, step_of_code

RFC_KEY = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
STEP = timedelta(seconds=30)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds, code):
    assert code_of(RFC_KEY, step_at(datetime.fromtimestamp(seconds, UTC))) == code


@pytest.mark.parametrize(
    ("late", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_code_is_good_one_step_early_or_late(late, taken):
    code = code_of(RFC_KEY, step_at(NOW))
    assert (step_of_code(RFC_KEY, code, NOW + late * STEP) == step_at(NOW)) is taken


def test_a_code_that_was_used_or_is_older_fits_no_more():
    here = step_at(NOW)
    for step in (here - 1, here):
        assert step_of_code(RFC_KEY, code_of(RFC_KEY, step), NOW, after=here) is None
    assert step_of_code(RFC_KEY, code_of(RFC_KEY, here + 1), NOW, after=here) == here + 1


@pytest.mark.parametrize("typed", ["", "0", "null", "１２３４５６", "é" * 6, "287082 ", "-87082"])
def test_what_is_no_code_fits_nothing(typed):
    assert step_of_code(RFC_KEY, typed, datetime.fromtimestamp(59, UTC)) is None


def test_keys_are_long_and_never_the_same():
    keys = {new_key() for _ in range(50)}
    assert len(keys) == 50
    assert {len(base64.b32decode(key)) for key in keys} == {20}


def test_the_address_tells_the_application_whose_key_it_is():
    address = urlsplit(key_address(RFC_KEY, "hélène&co"))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert unquote(address.path) == "/OC Pizza:hélène&co"
    assert parse_qs(address.query) == {"secret": [RFC_KEY], "issuer": ["OC Pizza"]}
    assert "+" not in address.query


def test_recovery_codes_are_read_as_people_type_them():
    codes = new_codes()
    assert len(set(codes)) == MANY
    for code in codes:
        assert digest_of_code(code) == digest_of_code(f" {code.lower().replace('-', ' ')} ")
        assert len(bare(code)) == 12
