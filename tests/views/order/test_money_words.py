"""One order, one truth about its money: on every page, in every mail, on paper, for each reader."""

import re
from functools import partial
from itertools import product

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from documents import pdfs
from factories import NOON, make_promotion
from ocpizza.documents.summary import Document, order_summary
from ocpizza.domain.author import Author
from ocpizza.domain.settlement import Due, settlement
from ocpizza.mail import write
from ocpizza.models.account import Role
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.order import Order, PaymentChoice
from ocpizza.models.order_status import Status
from ocpizza.models.payment import PaymentStatus
from ocpizza.models.vat import Mode
from ocpizza.services.order.notify import notify_customer
from ocpizza.services.order.queries import load_order
from views.pages import soup, words
from views.website import BASKET, CHECKOUT, HERE

MAIL = {"mail.sender": "commandes@ocpizza.fr", "site.url": "https://example.org"}
SAID = {
    Due.NOTHING: "Rien à payer",
    Due.CARD_AWAITED: "À payer en ligne ·",
    Due.CARD_ACCEPTED: "Carte acceptée, débitée quand",
    Due.BEING_CHARGED: "Carte acceptée, paiement en cours",
    Due.AT_HANDOVER: "À régler au",
    Due.PAID: "Payée ·",
    Due.PARTLY_REFUNDED: "Remboursée en partie",
    Due.REFUNDED: r"Remboursée(?! en partie)",
    Due.REFUND_AWAITED: "Votre carte est en cours de remboursement",
    Due.NOT_CHARGED: "[Rr]ien n’a été débité",
}
SAID_TO_STAFF = {
    Due.NOTHING: "Rien à encaisser",
    Due.CARD_AWAITED: "Attend son paiement en ligne",
    Due.CARD_ACCEPTED: "Paiement autorisé, rien à encaisser",
    Due.BEING_CHARGED: "Paiement en ligne en cours, rien à encaisser",
    Due.AT_HANDOVER: "À encaisser :",
    Due.PAID: "Payée ·",
    Due.PARTLY_REFUNDED: "Remboursée en partie",
    Due.REFUNDED: r"Remboursée(?! en partie)",
    Due.REFUND_AWAITED: "Remboursement en cours",
    Due.NOT_CHARGED: "Paiement libéré",
}
MONEY = r"([\d ]+,\d\d) €"
SUMS = re.compile(
    rf"Articles {MONEY}(?: Promotion [^−€]+ −{MONEY})?(?: Livraison (?:{MONEY}|offerte))? "
    rf"Total TTC {MONEY}"
)
ONLINE, LATER = PaymentChoice.ONLINE, PaymentChoice.ON_DELIVERY
S, P = Status, PaymentStatus
STATES = [
    (S.AWAITING_PAYMENT, ONLINE, P.UNPAID),
    (S.AWAITING_PAYMENT, LATER, P.UNPAID),
    *product((S.TO_PREPARE, S.ACCEPTED, S.PREPARING, S.READY), (ONLINE,), (P.AUTHORISED,)),
    *product((S.TO_PREPARE, S.ACCEPTED, S.PREPARING, S.READY), (LATER,), (P.UNPAID,)),
    *product((S.PREPARING, S.READY, S.DELIVERED), (ONLINE,), (P.PAID,)),
    (S.READY, LATER, P.FAILED),
    (S.DELIVERED, LATER, P.PAID),
    (S.DELIVERED, ONLINE, P.AUTHORISED),
    (S.DELIVERED, ONLINE, P.PARTLY_REFUNDED),
    (S.DELIVERED, LATER, P.REFUNDED),
    *product((S.CANCELLED,), (ONLINE,), (P.UNPAID, P.AUTHORISED, P.RELEASED, P.PAID, P.REFUNDED)),
    (S.CANCELLED, LATER, P.UNPAID),
    (S.NOT_DELIVERED, LATER, P.UNPAID),
    (S.NOT_DELIVERED, ONLINE, P.PAID),
]


@pytest.fixture
def discounted(website):
    """Makes the order of a customer, with a promotion and delivered for a fee, of a mode."""

    def make(mode: Mode = Mode.DELIVERY) -> Order:
        author = Author(website.account("customer").id, Role.CUSTOMER)
        with website.session() as session:
            promotion = make_promotion(session, "DIX")
        email = "cliente@example.org"
        order = website.order(mode=mode, author=author, promotion=promotion, email=email)
        assert whole(website, order).total_cents == (1105 if mode is Mode.DELIVERY else 855)
        return order

    return make


def whole(website, order: Order) -> Order:
    with website.session() as session:
        return load_order(session, order.id)


def put(website, order: Order, status, choice, paid) -> None:
    """Have the order stand there, however it came to."""
    with website.session() as session:
        session.execute(
            update(Order)
            .where(Order.id == order.id)
            .values(
                status=status,
                payment_choice=choice,
                payment_status=paid,
                hold_expires_at=NOON,
                ending_note="Personne à la porte.",
                version=Order.version + 1,
            )
        )


def told(text: str, said: dict[Due, str]) -> set[Due]:
    return {due for due, words_of_it in said.items() if re.search(words_of_it, text)}


def cents(text: str | None) -> int:
    return int(re.sub(r"\D", "", text)) if text else 0


def totals(text: str) -> list[int]:
    """The totals of the sums in a text; each adds up."""
    found = SUMS.findall(text)
    for articles, discount, fee, total in found:
        assert cents(articles) - cents(discount) + cents(fee) == cents(total), text
    return [cents(total) for *_rows, total in found]


def _same(document: Document, *_asked: object) -> Document:
    return document


def usual(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub("[\xa0\u202f]", " ", text).replace(" :", ""))


def spoken_of(html: str) -> str:
    return BeautifulSoup(html, "html.parser").body.get_text(" ")


def mails(session: Session, order: Order) -> list[tuple[str, bool]]:
    """Text and HTML of every mail about an order as it is, and whether it carries the sums."""
    for kind in write.HEADLINES:
        notify_customer(session, order, kind, NOON, event="-again")
    session.flush()
    bodies = []
    for row in session.scalars(select(OutgoingMail)):
        written = write.write_mail(session, row, MAIL, NOON)
        text, html = (written.get_body(kind).get_content() for kind in ("plain", "html"))
        bodies += [
            (usual(text), row.carries_summary),
            (usual(spoken_of(html)), row.carries_summary),
        ]
    return bodies


@pytest.mark.parametrize("mode", [Mode.DELIVERY, Mode.TAKEAWAY])
def test_everybody_reads_the_same_of_an_orders_money(website, discounted, monkeypatch, mode):
    customer, manager = website.staff("customer"), website.staff("manager")
    order = discounted(mode)
    total = whole(website, order).total_cents
    tracking = f"/suivi/{order.tracking_token}"
    for state in STATES:
        put(website, order, *state)
        due = settlement(whole(website, order)).due
        where = (*state, due)
        page = customer.get(tracking)
        assert told(words(page), SAID) == {due}, where
        assert totals(words(page)) == [total]
        assert told(words(customer.get(f"{tracking}/etat")), SAID) == {due}, where
        assert told(words(customer.get("/compte/commandes")), SAID) == {due}, where
        page = words(manager.get(f"/equipe/{HERE}/commandes/{order.number}"))
        assert told(page, SAID_TO_STAFF) - {Due.NOTHING} == {due} - {Due.NOTHING}, where
        assert totals(page) == [total]
        with Session(website.engine) as session:
            document = order_summary(session, order.id, MAIL["site.url"])
            paper = pdfs.text_of(document.content)
            # Drawn once for each state, not once more for each mail that carries it.
            monkeypatch.setattr(write, "order_summary", partial(_same, document))
            bodies = mails(session, load_order(session, order.id))
            session.rollback()
        assert told(paper, SAID) == {due}, where
        assert totals(paper) == [total]
        for body, carries_sums in bodies:
            assert told(body, SAID) == {due}, where
            assert totals(body) == ([total] if carries_sums else []), body


def test_lines_and_sums_add_up_on_the_way_to_an_order(website, discounted):
    with website.session() as session:
        make_promotion(session, "VINGT", percent=20)
    customer = website.staff("customer")
    customer.add(quantity=2)
    customer.add("regina", extra=[website.pizzeria.ingredients["oeuf"].id])
    customer.post_form("/panier/promotion", {"code": "VINGT"})
    customer.give_details()
    pages = [customer.get(path) for path in (BASKET, CHECKOUT)]
    order = discounted()
    tracking = f"/suivi/{order.tracking_token}"
    pages += [customer.get(tracking), customer.get(f"{tracking}/annuler")]
    customer.post_form(f"{tracking}/modifier")
    pages.append(customer.get("/modification/recapitulatif"))
    for page in pages:
        lines = soup(page).select(".recap-lines li > span:last-of-type, .line-total")
        sums = [words(each.get_text(" ")) for each in soup(page).select(".sums")]
        sums = [said for said in sums if "Articles" in said]
        # The checkout has those of each mode.
        assert len(sums) == (2 if page.request.path == CHECKOUT else 1)
        assert lines
        for said in sums:
            (total,) = totals(said)
            (articles,) = re.findall(rf"Articles {MONEY}", said)
            assert sum(cents(words(line.get_text())) for line in lines) == cents(articles)
            assert total
