"""Pages that cost us much are limited by nginx, before they reach the site."""

import inspect
import re
import sys

from nginx.server import SHIPPED
from ocpizza.services.account.create import create_account
from ocpizza.services.account.email import ask_confirmation
from ocpizza.services.account.password import ask_new_password, change_password, reset_password
from ocpizza.services.account.provider_visit import send_to_provider
from ocpizza.views.account.sign_in_attempts import confirmed_by_password, opened_account
from security.test_methods import PARTS

# What checks or keeps a password, sends mail, or keeps who was sent to a provider.
COSTLY = (
    opened_account,
    confirmed_by_password,
    create_account,
    change_password,
    reset_password,
    ask_new_password,
    ask_confirmation,
    send_to_provider,
)
CALLED = re.compile(rf"\b({'|'.join(act.__name__ for act in COSTLY)})\(")
# They are beside such a page, and do nothing of the kind.
CHEAP = {"sign_out", "account_keep", "confirm_email"}


def test_every_page_that_costs_a_hash_a_mail_or_a_visit_is_limited(website):
    """A new one is found by what its module does."""
    application = website.application
    site = (SHIPPED / "site.conf").read_text()
    limited = re.search(r"^location ~ (\S+) \{\n    limit_req zone=ocpizza_sign_in", site, re.M)[1]
    routes, found = application.routes_mapper, set()
    for each in application.registry.introspector.get_category("views"):
        view = each["introspectable"]
        if "POST" in (view["request_methods"] or ()) and view["callable"].__module__.startswith(
            (
                "ocpizza.views.account",
                "ocpizza.views.account.sign_in",
                "ocpizza.views.account.provider_sign_in",
            )
        ):
            module = sys.modules[inspect.unwrap(view["callable"]).__module__]
            if CALLED.search(inspect.getsource(module)):
                found.add(view["route_name"])
    assert found > CHEAP
    assert len(found) > 10
    paths = {name: routes.get_route(name).generate(PARTS) for name in found - CHEAP}
    assert [name for name, path in paths.items() if not re.fullmatch(limited, path)] == []
