"""The summary of an order as a PDF file (B2)."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from ocpizza.documents.facts import summary_of
from ocpizza.documents.layout import draw
from ocpizza.documents.words import words_in
from ocpizza.services.catalogue.meats import meats_here
from ocpizza.services.order.summary import load_summary


@dataclass(frozen=True, slots=True)
class Document:
    """A file to hand out, and the revision that it shows."""

    name: str
    content: bytes
    revision_id: int


def order_summary(session: Session, order_id: int, site_url: str) -> Document:
    """Return the current summary of an order, in the order's language. Takes no lock."""
    order, payments, promotion = load_summary(session, order_id)
    meats = meats_here(session, order.restaurant_id)
    facts = summary_of(order, payments, promotion, meats, site_url)
    content = draw(facts, words_in(order.language))
    return Document(f"commande-{order.number}.pdf", content, order.revision.id)
