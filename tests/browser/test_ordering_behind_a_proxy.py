"""A browser orders behind a load balancer that ends TLS, as behind Cloudflare."""

import re

import pytest
from playwright.sync_api import expect

from browser.shopping import PHONE, go_to_checkout
from nginx.conftest import gunicorn, nginx, served, state
from nginx.server import Nginx

# The site and the nginx of nginx's own tests; one Chromium a process, that of the other pages.
__all__ = ["gunicorn", "nginx", "served", "state"]
pytestmark = pytest.mark.browser


@pytest.fixture
def front(nginx, gunicorn, state, tmp_path):
    """The load balancer, before a shop that trusts it."""
    front = Nginx(tmp_path / "front")
    nginx.install(gunicorn, state)
    nginx.trust("127.0.0.0/8")
    front.forward(nginx.port)
    with nginx.running(), front.running():
        yield front


def test_a_customer_orders_over_https_that_somebody_else_ends(chromium, front):
    complaints = []
    context = chromium.new_context(
        viewport=PHONE,
        base_url=f"https://127.0.0.1:{front.tls_port}",
        ignore_https_errors=True,
        locale="fr-FR",
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.on("console", lambda said: _is_fault(said) and complaints.append(said.text))
    page.on("request", lambda asked: complaints.append(asked.url) if _plain(asked) else None)
    try:
        go_to_checkout(page)
        page.locator("input[name=means][value=cash]").check()
        page.locator("input[name=accept]").check()
        page.locator("main form[action='/commande'] button").last.click()
        page.wait_for_url(re.compile(r"^https://[^/]+/suivi/[^/]+$"))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        cookies = context.cookies()
    finally:
        context.close()
    assert complaints == []
    assert cookies
    assert all(cookie["secure"] for cookie in cookies)


def _is_fault(said) -> bool:
    """Whether something went wrong; nobody tells pages that orders changed here."""
    return said.type == "error" and not said.location["url"].endswith("/en-direct")


def _plain(asked) -> bool:
    """Whether a request left over plain HTTP."""
    return asked.url.startswith("http:")
