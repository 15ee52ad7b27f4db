"""Tickets of orders as boards show them, drawn once and kept.

A board asks for its part whenever one of its orders changes: the others are as they were, also for
whoever else looks at the same board. What is kept is what everybody with that board may see.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from markupsafe import Markup
from pyramid.config import Configurator
from pyramid.csrf import get_csrf_token
from pyramid.renderers import render

from ocpizza.models.order import Order
from ocpizza.models.order_revision import OrderEvent
from ocpizza.models.product import Kind
from ocpizza.request import Request
from ocpizza.services.order.boards import Card, load_tickets
from ocpizza.views.staff.boards import MEANS_AT_HANDOVER, lateness

# Each is some kilobytes, in each process.
MOST = 1000
# Tags that nothing typed becomes: the token of whoever looks, and the offer to take the last step
# back, which goes by itself.
TOKEN, STEP = Markup("<token>"), Markup("<step>")


class Look(NamedTuple):
    """All that a ticket's looks depend on, beside its board and the language."""

    number: str
    version: int
    catalogue_token: str
    lateness: str


class Line(NamedTuple):
    """What is to be made."""

    kind: Kind
    name: str
    quantity: int


Drawn = tuple[str, tuple[Line, ...]]
Kept = OrderedDict[tuple[str, str, Look], Drawn]


class Ticket(NamedTuple):
    """An order on a board."""

    card: Card
    html: Markup
    lines: tuple[Line, ...]

    def offering(self, form: str) -> Markup:
        """Return it with a form by which its last step is taken back."""
        return Markup(self.html.replace(STEP, form))  # noqa: S704  (drawn by us)


def looks_of(request: Request, cards: Iterable[Card]) -> dict[int, Look]:
    """Return how the tickets of these orders look now."""
    now = request.now
    return {
        card.id: Look(card.number, card.version, card.catalogue_token, lateness(card, now))
        for card in cards
    }


def version_of(looks: Mapping[int, Look], undoable: Mapping[int, OrderEvent]) -> str:
    """Return a text that changes whenever a board looks different; some steps are `undoable`."""
    steps = sorted(undoable[id].id for id in looks if id in undoable)
    return hashlib.sha256(repr((sorted(looks.values()), steps)).encode()).hexdigest()[:32]


def tickets(
    request: Request, template: str, cards: list[Card], looks: Mapping[int, Look]
) -> list[Ticket]:
    """Return the tickets of a board; what was not drawn before is loaded and drawn."""
    kept: Kept = request.registry["kept_tickets"]
    board = template, request.locale_name
    drawn = {card.id: found for card in cards if (found := kept.get((*board, looks[card.id])))}
    for order in load_tickets(request.db, [card.id for card in cards if card.id not in drawn]):
        look = looks[order.id]
        drawn[order.id] = _draw(request, template, order, look)
        # One that changed a moment ago looks otherwise already.
        if order.version == look.version:
            kept[*board, look] = drawn[order.id]
    while len(kept) > MOST:
        kept.popitem(last=False)
    token = get_csrf_token(request)
    return [
        Ticket(card, Markup(html.replace(TOKEN, token)), lines)  # noqa: S704  (drawn by us)
        for card in cards
        if card.id in drawn
        for html, lines in [drawn[card.id]]
    ]


def _draw(request: Request, template: str, order: Order, look: Look) -> Drawn:
    shown = {
        "order": order,
        "lateness": look.lateness,
        "step_back": STEP,
        "means_at_handover": MEANS_AT_HANDOVER,
        "get_csrf_token": lambda: TOKEN,
    }
    made = (Line(line.kind, line.name, line.quantity) for line in order.revision.lines)
    return render(template, shown, request), tuple(made)


def includeme(config: Configurator) -> None:
    config.registry["kept_tickets"] = OrderedDict()
