"""A provider on loopback, and the shop's two sides that ask it."""

from collections.abc import Iterator

import pytest

from ocpizza.identity import make_providers
from ocpizza.identity.provider import Provider as Asked
from providers import DEFAULTS, Provider, running_provider


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
