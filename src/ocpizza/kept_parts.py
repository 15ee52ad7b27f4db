"""Parts of pages that are the same for many visitors: drawn once in each process, in a language."""

from jinja2 import pass_context
from jinja2.runtime import Context, Macro

MAX_PARTS = 500


@pass_context
def kept_part(context: Context, *shown: object, caller: Macro, unless: object = False) -> str:
    """`{% call kept_part(…) %}`: a part that shows these values and nothing else of its page.

    Nothing of a visitor may be in it but their language and, in addresses, where the site is.
    """
    if unless:
        return caller()
    request = context["request"]
    # The code that draws it is its name: no two parts have the same, also not those of an update.
    drawn_by, where = caller._func.__code__, (request.overlay_places, request.script_name)
    part = (drawn_by, request.locale_name, *where, *shown)
    parts: dict[tuple[object, ...], str] = request.registry["kept_parts"]
    # Other threads may throw all of it away at any moment.
    drawn = parts.get(part)
    if drawn is None:
        if len(parts) >= MAX_PARTS:
            parts.clear()
        drawn = parts[part] = caller()
    return drawn
