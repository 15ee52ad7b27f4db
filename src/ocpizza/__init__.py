"""OC Pizza: the web shop and central manager of a chain of pizzerias."""

import warnings

__version__ = "0.1.0"

# Pyramid still imports pkg_resources; setuptools says at every start that it will go.
warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
# Documents hold no pictures, so they need none of it.
warnings.filterwarnings("ignore", message="Pillow could not be imported")


def main(settings):
    """The WSGI application for these settings (see `settings.load_settings`)."""
    from pyramid.config import Configurator

    with Configurator(settings=settings) as config:
        config.include("ocpizza.i18n")
        config.include("ocpizza.security")
        config.include("ocpizza.transactions")
        config.include("ocpizza.payments")
        config.include("ocpizza.rendering")
        config.include("ocpizza.static_files")
        config.include("ocpizza.visitor")
        config.include("ocpizza.identity")
        config.include("ocpizza.health")
        config.include("ocpizza.routes")
        config.include("ocpizza.views")
    return config.make_wsgi_app()
