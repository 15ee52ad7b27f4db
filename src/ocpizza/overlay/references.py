"""Whether the templates of a release find what they extend, include and import."""

from collections.abc import Iterator

from jinja2 import Environment, TemplateNotFound, meta, nodes

from ocpizza.overlay.errors import OverlayError
from ocpizza.overlay.load import Overlay
from ocpizza.overlay.release import COMMON
from ocpizza.overlay.templates import OURS, Templates
from ocpizza.rendering import TEMPLATES


def check_references(overlay: Overlay) -> None:
    """Raises OverlayError for a template that names one that is not there, or extends itself."""
    templates = overlay.templates
    assert templates is not None
    for place in overlay.release.places.values():
        for name, path in place.templates.items():
            parsed = templates.base.parse(path.read_text(encoding="utf-8"))
            environments = list(_environments(templates, place.name))
            for environment in environments:
                fault = _fault(overlay, environment, f"{place.name}:{name}", parsed)
                if fault:
                    raise OverlayError(overlay.release.component(path), fault)


def _environments(templates: Templates, place: str) -> Iterator[Environment]:
    """Return where a template of a place is used: a common one, everywhere."""
    for name, environment in templates.environments.items():
        if place in (name, COMMON):
            yield environment


def _fault(overlay: Overlay, environment: Environment, name: str, parsed: nodes.Template) -> str:
    for reference in meta.find_referenced_templates(parsed):
        if reference is None:
            continue
        try:
            environment.join_path(reference, name)
        except TemplateNotFound:
            return f"there is no template {reference}"
    seen: list[str] = []
    above: str | None = name
    while above:
        if above in seen:
            return f"it extends itself: {' → '.join([*seen, above])}"
        seen.append(above)
        try:
            above = _extended(overlay, environment, above)
        except TemplateNotFound:
            # Its own fault, and told of it.
            break
    return ""


def _extended(overlay: Overlay, environment: Environment, name: str) -> str | None:
    """Return what the template of this one name extends, by its one name."""
    place, _, wanted = name.partition(":")
    ours = TEMPLATES / f"{wanted}.jinja2"
    path = ours if place == OURS else overlay.release.places[place].templates[wanted]
    parsed = environment.parse(path.read_text(encoding="utf-8"))
    for found in parsed.find_all(nodes.Extends):
        if isinstance(found.template, nodes.Const):
            return environment.join_path(str(found.template.value), name)
    return None
