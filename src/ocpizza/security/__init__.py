"""Who is asking, and what they may do."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyramid.config import Configurator


def includeme(config: "Configurator") -> None:
    """Sessions, cross-site protection and the permission policy."""
    config.include("ocpizza.security.acting")
    config.include("ocpizza.security.unreadable")
    config.include("ocpizza.security.hosts")
    config.include("ocpizza.security.methods")
    config.include("ocpizza.security.hashing")
    config.include("ocpizza.security.sessions")
    config.include("ocpizza.security.page_marks")
    config.include("ocpizza.security.cross_site")
    config.include("ocpizza.security.policy")
    config.include("ocpizza.security.headers")
    config.include("ocpizza.security.shared_pages")
