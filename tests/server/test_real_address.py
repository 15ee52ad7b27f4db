"""The visitor's address behind nginx, and nobody's word but nginx's about it."""

import pytest

from ocpizza.wsgi import with_real_address


def address_seen(**environ: str) -> dict[str, str]:
    seen = {}
    with_real_address(lambda environ, _: seen.update(environ))(environ, None)
    return seen


@pytest.mark.parametrize(
    ("told", "seen"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("", "0.0.0.0"),
        ("127.0.0.1, 203.0.113.7", "0.0.0.0"),
        ("nonsense", "0.0.0.0"),
    ],
)
def test_a_peer_on_the_unix_socket_is_nginx_and_is_believed(told, seen):
    assert address_seen(REMOTE_ADDR="", HTTP_X_REAL_IP=told)["REMOTE_ADDR"] == seen


def test_a_peer_with_an_address_is_not_believed_about_another():
    seen = address_seen(REMOTE_ADDR="192.0.2.1", HTTP_X_REAL_IP="203.0.113.7")
    assert seen == {"REMOTE_ADDR": "192.0.2.1"}


def test_the_header_goes_no_further():
    assert "HTTP_X_REAL_IP" not in address_seen(REMOTE_ADDR="", HTTP_X_REAL_IP="203.0.113.7")
