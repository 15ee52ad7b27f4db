"""Who is asking, and what they may do."""


def includeme(config):
    """Sessions, cross-site protection and the permission policy."""
    config.include("ocpizza.security.acting")
    config.include("ocpizza.security.unreadable")
    config.include("ocpizza.security.hosts")
    config.include("ocpizza.security.methods")
    config.include("ocpizza.security.hashing")
    config.include("ocpizza.security.sessions")
    config.include("ocpizza.security.cross_site")
    config.include("ocpizza.security.policy")
    config.include("ocpizza.security.headers")
