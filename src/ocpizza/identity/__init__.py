"""Sign-in with Google and Facebook (C12): nobody else talks to them, or to authomatic."""

from typing import TYPE_CHECKING

from ocpizza.identity.authorization import facebook, google
from ocpizza.identity.provider import NotConfigured, Provider
from ocpizza.settings import SettingError, Settings

if TYPE_CHECKING:
    from pyramid.config import Configurator

KINDS = {"google": ("Google", google), "facebook": ("Facebook", facebook)}


def make_providers(settings: Settings) -> dict[str, Provider]:
    """Return each provider by its name, the null one where the settings name no client.

    Raises SettingError for a client without its secret.
    """
    return {name: _provider(settings, name) for name in KINDS}


def _provider(settings: Settings, name: str) -> Provider:
    title, real = KINDS[name]
    if not settings[f"{name}.client_id"]:
        return NotConfigured(name, title)
    if not settings[f"{name}.client_secret"]:
        raise SettingError(f"{name}.client_secret is missing: {name}.client_id is set")
    return real(settings)


def includeme(config: "Configurator") -> None:
    """`request.providers`: those that a button is shown for."""
    providers = make_providers(config.registry.settings)
    config.registry["identity_providers"] = providers
    offered = tuple(provider for provider in providers.values() if provider.offered)
    config.add_request_method(lambda _request: offered, "providers", property=True)
