"""What a provider of identities (Google, Facebook) is to the rest of the shop, and the null one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ocpizza.domain.identity import Challenge, IdentityClaims


class IdentityError(Exception):
    """The provider did not tell who somebody is."""


class Declined(IdentityError):
    """The person refused at the provider."""


class ProviderDown(IdentityError):
    """The provider cannot be reached, is too slow, says so itself, or is not configured."""


class BadAnswer(IdentityError):
    """The provider answered something else than who it is: nonsense, or a refusal of the code."""


class Provider(Protocol):
    """Somebody who tells us who people are."""

    @property
    def name(self) -> str:
        """In addresses and in the database."""

    @property
    def title(self) -> str:
        """On pages."""

    @property
    def offered(self) -> bool:
        """Whether to show a button."""

    @property
    def form_target(self) -> str:
        """What the content security policy must let a form lead to."""

    def authorization_url(self, challenge: Challenge, return_url: str) -> str:
        """Return where to send the person; the provider sends them back to `return_url`."""

    def identify(
        self, answer: Mapping[str, str], challenge: Challenge, return_url: str
    ) -> IdentityClaims:
        """Return who came back with `answer` (query parameters, their `state` being the
        challenge's).

        Raises Declined, ProviderDown or BadAnswer. Talks to the provider: 20 seconds at most.
        """


@dataclass(frozen=True, slots=True)
class NotConfigured:
    """A provider for which the settings name no client: no button, and nobody is sent there."""

    name: str
    title: str
    offered: bool = False
    form_target: str = ""

    def authorization_url(self, challenge: Challenge, return_url: str) -> str:
        raise ProviderDown(f"{self.name}.client_id is not set")

    def identify(
        self, answer: Mapping[str, str], challenge: Challenge, return_url: str
    ) -> IdentityClaims:
        raise ProviderDown(f"{self.name}.client_id is not set")
