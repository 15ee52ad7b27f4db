"""A provider on loopback, and the shop's two sides that ask it."""

from collections.abc import Iterator
from typing import Any

import pytest

from ocpizza.domain.identity import Challenge
from ocpizza.identity import make_providers
from ocpizza.identity.provider import Provider as Asked
from ocpizza.settings import SETTINGS
from providers import Provider, running_provider

RETURN = "https://www.ocpizza.fr/connexion/retour"
CHALLENGE = Challenge("state-" + "s" * 37, "verifier-" + "v" * 40)
DEFAULTS: dict[str, Any] = {
    setting.name: setting.default
    for setting in SETTINGS
    if setting.name.startswith(("google.", "facebook."))
}


@pytest.fixture
def there() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture(params=["google", "facebook"])
def name(request) -> str:
    return request.param


@pytest.fixture
def asked(there: Provider, name: str) -> Asked:
    """What the shop has for that provider."""
    return make_providers(DEFAULTS | there.settings)[name]
