"""No-break spaces where French typography has them, and between a number and its unit."""

import re
from functools import cache

NO_BREAK = "\N{NO-BREAK SPACE}"
# Before signs of two parts and « % » (not the start of a placeholder), inside guillemets, between
# a number and its unit, in « 18 h 30 ».
BREAKS = re.compile(
    r" (?=[:;!?»])| (?=%(?!\())|(?<=\d) (?=€)|(?<=«) "
    r"|(?<=\d) (?=(?:cm|mm|kg|mg|g|ml|cl|l|h|min|°C)\b)|(?<=[ \u00a0]h) (?=\d\d\b)"
    # A number that is still to be put in.
    r"|(?<=\)s) (?=(?:cm|kg|min|h)\b)"
)


@cache
def typeset(text: str) -> str:
    """Return a text of ours, or of the catalogue, as it is to be shown."""
    return BREAKS.sub(NO_BREAK, text)
