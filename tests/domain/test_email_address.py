"""The one grammar of e-mail addresses: what is taken can be written, and is kept in one form."""

import email
import email.policy
from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpizza.domain.email_address import normal_email

TAKEN = {
    "a@b.fr": "a@b.fr",
    " Julia@Exemple.FR ": "julia@exemple.fr",
    "julia\u00a0": None,
    "julia@exemple.fr\u00a0": "julia@exemple.fr",
    "\ufeffjulia@exemple.fr\u200b": "julia@exemple.fr",
    "ｊｕｌｉａ＠ｅｘｅｍｐｌｅ．ｆｒ": "julia@exemple.fr",
    "first.last+tag@sub.example.org": "first.last+tag@sub.example.org",
    "o'neil_x-y@example.org": "o'neil_x-y@example.org",
    "julia@crêperie.fr": "julia@xn--crperie-kya.fr",
    "julia@xn--crperie-kya.fr": "julia@xn--crperie-kya.fr",
    "julia@straße.de": "julia@xn--strae-oqa.de",
    "julia@bücher.example": "julia@xn--bcher-kva.example",
    "julia@my--shop.fr": "julia@my--shop.fr",
    f"{'a' * 64}@b.fr": f"{'a' * 64}@b.fr",
    f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 58}.fr": (  # 254 signs in all
        f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 58}.fr"
    ),
}
REFUSED = [
    "",
    None,
    "a@b",
    "a@-b.fr",
    "a@b-.fr",
    "@b.fr",
    "a@",
    "a@b..fr",
    "a@.b.fr",
    "a@b.fr.",
    "a b@c.fr",
    "a@b.fr\nbcc: c@d.fr",
    "a..b@x.fr",
    ".a@x.fr",
    "a.@x.fr",
    '"a b"@x.fr',
    "a@[192.0.2.1]",
    "a@192.0.2.1",
    "é@x.fr",
    "a@b@c.fr",
    "Julia <a@b.fr>",
    "a@b_c.fr",
    "=?utf-8?q?a?=@x.fr",
    f"{'a' * 65}@b.fr",
    f"a@{'b' * 64}.fr",
    f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 59}.fr",
    "a@☃☃☃​.\ud800fr",
]


@pytest.mark.parametrize(("typed", "kept"), TAKEN.items())
def test_an_address_is_kept_in_one_form(typed, kept):
    assert normal_email(typed) == kept
    assert normal_email(kept) == kept


@pytest.mark.parametrize("typed", REFUSED)
def test_what_cannot_be_written_to_is_no_address(typed):
    assert normal_email(typed) is None


@given(st.emails() | st.text('ab.-_=?@é"<> ,', max_size=30) | st.text(max_size=30))
def test_every_address_that_is_taken_can_be_written(typed):
    kept = normal_email(typed)
    if kept is None:
        return
    message = EmailMessage()
    message["To"] = Address("Julia", addr_spec=kept)
    again = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    assert [one.addr_spec for one in again["To"].addresses] == [kept]
    assert kept.isascii()
    assert kept == kept.lower()
