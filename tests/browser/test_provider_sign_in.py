"""C12 in a browser: Google and Facebook as `make run` offers them, under our security policy."""

import os
import re
import socket
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from droplets.waiting import wait_until
from ocpizza.models.account import Account
from ocpizza.models.sign_in import ExternalIdentity

pytestmark = pytest.mark.browser
PEERS = Path(__file__).parents[2] / "demo"
LEA = "lea.martin@example.org"


@pytest.fixture(autouse=True)
def stand_in(monkeypatch, settings) -> None:
    """Settings as in development.ini, on a free port; `ocpizza serve` starts the stand-in."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"http://127.0.0.1:{free.getsockname()[1]}"
    for name, value in {
        "DEMO_PEERS": PEERS,
        "GOOGLE_CLIENT_ID": "demo-google",
        "GOOGLE_CLIENT_SECRET": "demo",
        "GOOGLE_AUTHORIZATION_URL": f"{place}/oauth2/authorize",
        "GOOGLE_TOKEN_URL": f"{place}/oauth2/token",
        "GOOGLE_USERINFO_URL": f"{place}/userinfo",
        "FACEBOOK_CLIENT_ID": "demo-facebook",
        "FACEBOOK_CLIENT_SECRET": "demo",
        "FACEBOOK_DIALOG_URL": place,
        "FACEBOOK_GRAPH_URL": place,
    }.items():
        monkeypatch.setenv(f"OCPIZZA_{name}", str(value))


@pytest.fixture
def backend() -> str:
    """One kind of database: what a browser sees does not depend on it."""
    return "sqlite"


@pytest.fixture
def page(chromium: Browser, address: str) -> Page:
    size = {"width": 360, "height": 740}
    page = chromium.new_page(viewport=size, base_url=address, locale="fr-FR")
    page.violations = []
    page.on("console", lambda message: page.violations.append(message.text))
    return page


def choose(page: Page, provider: str, button: str = "Continuer avec") -> None:
    """Press the provider's button and stand before the page that takes its place."""
    page.get_by_role("button", name=f"{button} {provider}").click()
    expect(page.get_by_text(f"ceci n’est pas {provider}")).to_be_visible()


def test_a_whole_sign_in_with_google_then_facebook_is_linked(page, demo_database):
    page.goto("/connexion?suite=/compte")
    _wait_for_stand_in(page)
    choose(page, "Google")
    page.get_by_role("button", name=LEA).click()
    expect(page).to_have_url(re.compile("/compte$"))
    expect(page.get_by_text("Connecté", exact=True)).to_be_visible()
    expect(page.get_by_text("Léa Martin")).to_be_visible()

    page.get_by_role("link", name="Mes moyens de connexion").click()
    expect(page.get_by_text("seul moyen de connexion")).to_be_visible()
    choose(page, "Facebook", "Lier mon compte")
    page.get_by_role("button", name=LEA).click()
    expect(page.get_by_text("Vous pouvez maintenant vous connecter avec Facebook.")).to_be_visible()
    page.get_by_role("button", name="Retirer Google").click()
    expect(page.get_by_text("Ce moyen de connexion est retiré.")).to_be_visible()

    with Session(demo_database) as session:
        account = session.scalars(select(Account).where(Account.email == LEA)).one()
        kept = session.scalars(select(ExternalIdentity.provider)).all()
        assert account.email_verified_at
        assert kept == ["facebook"]
    assert page.violations == []


def test_saying_no_leads_back_to_the_sign_in_page(page):
    page.goto("/connexion")
    _wait_for_stand_in(page)
    choose(page, "Facebook")
    page.get_by_role("button", name="Refuser").click()
    expect(page.get_by_text("Vous avez annulé la connexion avec Facebook.")).to_be_visible()
    assert page.violations == []


def _wait_for_stand_in(page: Page) -> None:
    place = urlsplit(os.environ["OCPIZZA_GOOGLE_TOKEN_URL"])
    wait_until(partial(_listens, place.hostname, place.port), 60, "the stand-in")


def _listens(host: str, port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex((host, port)) == 0
