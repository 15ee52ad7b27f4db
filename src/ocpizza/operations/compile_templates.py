"""`python -m ocpizza.operations.compile_templates`: every template as Python, for the package."""

from pathlib import Path

from pyramid.config import Configurator

from ocpizza import rendering


def compile_templates(target: Path) -> None:
    """Write a module for each template into `target`. Raises TemplateSyntaxError."""
    with Configurator() as config:
        config.include(rendering)
        environment = config.get_jinja2_environment(name=".jinja2")
    environment.compile_templates(target, zip=None, ignore_errors=False)


if __name__ == "__main__":
    compile_templates(rendering.COMPILED)
