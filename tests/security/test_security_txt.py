"""RFC 9116: where to report a weakness."""

import re
from datetime import UTC, datetime, timedelta

PATH = "/.well-known/security.txt"


def test_without_a_contact_there_is_none(browser):
    browser.get(PATH, status=404)


def test_it_names_the_contact_and_is_never_out_of_date(website, browser, monkeypatch):
    settings = website.application.registry.settings
    monkeypatch.setitem(settings, "legal.email", "securite@ocpizza.fr")
    monkeypatch.setitem(settings, "site.url", "https://www.ocpizza.fr/")
    answer = browser.get(PATH)
    assert answer.headers["Content-Type"] == "text/plain; charset=UTF-8"
    fields = dict(re.findall(r"(?m)^([A-Za-z-]+): (.+)$", answer.text))
    assert len(fields) == len(answer.text.splitlines())
    assert fields["Contact"] == "mailto:securite@ocpizza.fr"
    assert fields["Preferred-Languages"] == "fr, en"
    assert fields["Canonical"] == f"https://www.ocpizza.fr{PATH}"
    left = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=90) < left < timedelta(days=365)
