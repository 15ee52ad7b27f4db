"""A mail server on port 587 that wants TLS and a password: what it is sent is printed.

Usage: post_office.py CERTIFICATE KEY
"""

import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Debugging
from aiosmtpd.smtp import AuthResult


def let_in(_server, _session, _envelope, _mechanism, data) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"ocpizza", b"secret"))


def main() -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*sys.argv[1:])
    rules = {"require_starttls": True, "auth_required": True, "authenticator": let_in}
    server = Controller(
        Debugging(sys.stdout), hostname="127.0.0.1", port=587, tls_context=context, **rules
    )
    server.start()
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main()
