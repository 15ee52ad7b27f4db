"""Pages that change by themselves: who may be told that they have, and by what.

Pages get a ticket (`ticket`), `ocpizza live` takes it (`server`), reads what changed (`tail`) and
tells whoever looks at it (`hub`). What is told carries no data: the page asks for its own part.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyramid.config import Configurator


def includeme(config: "Configurator") -> None:
    """Give requests their tickets."""
    config.include("ocpizza.live.given")
