"""Templates by place: the restaurant's, then the common one, then ours.

One environment for each place that has templates, all of it in memory. What replaces a template may
still extend or include it by the same name: that is the one beneath.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import CodeType
from typing import Any

import structlog
from jinja2 import BaseLoader, Environment, Template, TemplateNotFound, TemplateSyntaxError
from pyramid_jinja2 import Jinja2TemplateRenderer

from ocpizza.overlay.errors import OverlayError, in_one_line
from ocpizza.overlay.release import COMMON, Place, Release
from ocpizza.rendering import package_code, template_names
from ocpizza.request import Request

OURS = "ocpizza"
SUFFIXES = (".jinja2", ".html")
log = structlog.get_logger()


def bare(name: str) -> str:
    """Return the name of a template without its suffix, which is what counts."""
    for suffix in SUFFIXES:
        if name.endswith(suffix):
            return name.removesuffix(suffix)
    return name


class Lookup(BaseLoader):
    """Finds templates for one place; each has one name, `place:name`."""

    def __init__(
        self, order: Sequence[Place], codes: Mapping[str, CodeType], ours: Mapping[str, CodeType]
    ) -> None:
        self.order, self._codes, self._ours = order, codes, ours

    def owner(self, template: str, parent: str) -> str:
        """Return the one name of a template as `parent` names it. Raises TemplateNotFound."""
        wanted = bare(template.removeprefix(f"{OURS}:"))
        found = [f"{place.name}:{wanted}" for place in self.order if wanted in place.templates]
        if parent in found:
            found = found[found.index(parent) + 1 :]
        if template.startswith(f"{OURS}:"):
            found = []
        if wanted in self._ours:
            found.append(f"{OURS}:{wanted}")
        if not found:
            raise TemplateNotFound(template)
        return found[0]

    def load(self, environment: Environment, name: str, globals: Any = None) -> Template:
        """Return a template by its one name: our own code, bound to this environment."""
        place, _, wanted = name.partition(":")
        code = self._ours[wanted] if place == OURS else self._codes[name]
        return environment.template_class.from_code(environment, code, globals or {})

    def names(self) -> Iterator[str]:
        """Return every name that a template of this place may be found by."""
        for place in self.order:
            yield from (f"{place.name}:{name}" for name in place.templates)
        yield from (f"{OURS}:{name}" for name in self._ours)


class Templates:
    """The environments of a release, and which of them a request is for."""

    def __init__(self, release: Release, base: Environment) -> None:
        """Compile them all. Raises OverlayError."""
        self.base = base
        codes = dict(_compiled(release, base))
        ours = _our_codes(base) if codes else {}
        common = [release.places[COMMON]] if COMMON in release.places else []
        self.environments: dict[str, Environment] = {}
        for name, place in release.places.items():
            if place.templates:
                order = common if name == COMMON else [place, *common]
                self.environments[name] = _environment(base, Lookup(order, codes, ours))

    def __bool__(self) -> bool:
        return bool(self.environments)

    def template(self, places: Sequence[str], name: str) -> Template:
        """Return the template of this name for a request about these places."""
        for place in places:
            if place in self.environments:
                environment = self.environments[place]
                return environment.get_template(environment.join_path(name, ""))
        return self.base.get_template(name)

    def has(self, places: Sequence[str], name: str) -> bool:
        """Return whether there is such a template."""
        try:
            return self.template(places, name) is not None
        except TemplateNotFound:
            return False


def renderer(templates: Templates, name: str, *, strict: bool) -> Any:
    """Return a renderer that looks a template up for each request.

    Unless `strict`, an error page that fails is the package's own: there is no page after it.
    """

    def render(value: Any, system: dict[str, Any]) -> str:
        request: Request | None = system.get("request")
        places = request.overlay_places if request else ()
        template = templates.template(places, name)
        try:
            return _written(template, value, system)
        except Exception as error:
            if strict or request is None or getattr(request, "exception", None) is None:
                raise
            log.error("error page fails, the package's own is shown", reason=in_one_line(error))
            return _written(templates.base.get_template(name), value, system)

    return render


def _written(template: Template, value: Any, system: dict[str, Any]) -> str:
    written: str = Jinja2TemplateRenderer(lambda: template)(value, system)
    return written


def _compiled(release: Release, base: Environment) -> Iterator[tuple[str, CodeType]]:
    for place in release.places.values():
        for name, path in place.templates.items():
            try:
                source = path.read_text(encoding="utf-8")
                yield (
                    f"{place.name}:{name}",
                    base.compile(source, f"{place.name}:{name}", str(path)),
                )
            except TemplateSyntaxError as error:
                reason = f"line {error.lineno}: {error.message}"
                raise OverlayError(release.component(path), reason) from error
            except Exception as error:
                # Python compiles what Jinja makes of it, and has limits of its own.
                raise OverlayError(release.component(path), in_one_line(error)) from error


def _our_codes(base: Environment) -> dict[str, CodeType]:
    return {bare(name): package_code(base, name) for name in template_names()}


def _environment(base: Environment, lookup: Lookup) -> Environment:
    environment = base.overlay(loader=lookup, cache_size=-1)
    environment.join_path = lookup.owner  # type: ignore[method-assign]
    for name in lookup.names():
        environment.get_template(name)
    return environment
