"""B3: what is due on an order, for every state that its money and itself can be in."""

from dataclasses import dataclass
from itertools import product

import pytest

from ocpizza.domain.settlement import ChangeDue, Due, change_due, settlement
from ocpizza.i18n.localizer import localizer
from ocpizza.models.order import MONEY_RECEIVED, Order, PaymentChoice
from ocpizza.models.order_revision import OrderRevision
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, PaymentStatus
from ocpizza.models.vat import Mode
from ocpizza.order_words import payment_words, payment_words_for_staff, state_words

ONLINE, LATER = PaymentChoice.ONLINE, PaymentChoice.ON_DELIVERY
AUTHORISED, UNPAID = PaymentStatus.AUTHORISED, PaymentStatus.UNPAID
PAID, RELEASED = PaymentStatus.PAID, PaymentStatus.RELEASED
EVERY = list(product(Status, PaymentChoice, PaymentStatus, Mode, (0, 2650)))


def order(status, choice, paid, mode=Mode.DELIVERY, total=2650) -> Order:
    made = Order(
        status=status, payment_choice=choice, payment_status=paid, mode=mode, means=Means.CASH
    )
    made.__dict__["revision"] = OrderRevision(total_cents=total)
    # What went back was a gesture: the order itself is paid.
    kept = {PaymentStatus.PAID: total, PaymentStatus.PARTLY_REFUNDED: total - 1}.get(paid, 0)
    made.__dict__["received_cents"] = total if paid in MONEY_RECEIVED else 0
    made.__dict__["kept_cents"] = kept
    return made


def paid_at_the_till(status, received, mode=Mode.TAKEAWAY, total=2650, kept=None) -> Order:
    made = order(status, LATER, PAID, mode, total)
    made.__dict__["received_cents"] = received
    made.__dict__["kept_cents"] = received if kept is None else kept
    return made


def say(text: str, language: str = "fr") -> str:
    return localizer(language).translate(text).replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("status", "choice", "paid", "due", "customer", "staff"),
    [
        (
            Status.AWAITING_PAYMENT,
            ONLINE,
            UNPAID,
            Due.CARD_AWAITED,
            "À payer en ligne · 26,50 €",
            "Attend son paiement en ligne · 26,50 €",
        ),
        (
            Status.AWAITING_PAYMENT,
            LATER,
            UNPAID,
            Due.AT_HANDOVER,
            "À régler au livreur · 26,50 €",
            "À encaisser : 26,50 €",
        ),
        (
            Status.TO_PREPARE,
            ONLINE,
            AUTHORISED,
            Due.CARD_ACCEPTED,
            "Carte acceptée, débitée quand la préparation commence",
            "Paiement autorisé, rien à encaisser",
        ),
        (
            Status.ACCEPTED,
            LATER,
            UNPAID,
            Due.AT_HANDOVER,
            "À régler au livreur · 26,50 €",
            "À encaisser : 26,50 €",
        ),
        (
            Status.OUT_FOR_DELIVERY,
            ONLINE,
            AUTHORISED,
            Due.BEING_CHARGED,
            "Carte acceptée, paiement en cours",
            "Paiement en ligne en cours, rien à encaisser",
        ),
        (
            Status.READY,
            LATER,
            PaymentStatus.FAILED,
            Due.AT_HANDOVER,
            "À régler au livreur · 26,50 €",
            "À encaisser : 26,50 €",
        ),
        (Status.DELIVERED, ONLINE, PAID, Due.PAID, "Payée · 26,50 €", "Payée · 26,50 €"),
        (
            Status.CANCELLED,
            ONLINE,
            AUTHORISED,
            Due.NOT_CHARGED,
            "Rien n’a été débité",
            "Paiement libéré",
        ),
        (
            Status.CANCELLED,
            ONLINE,
            RELEASED,
            Due.NOT_CHARGED,
            "Rien n’a été débité",
            "Paiement libéré",
        ),
        (Status.CANCELLED, LATER, UNPAID, Due.NOTHING, "Rien à payer", "Rien à encaisser"),
        (Status.NOT_DELIVERED, LATER, UNPAID, Due.NOTHING, "Rien à payer", "Rien à encaisser"),
        (
            Status.CANCELLED,
            ONLINE,
            PAID,
            Due.REFUND_AWAITED,
            "Votre carte est en cours de remboursement",
            "Remboursement en cours",
        ),
        (
            Status.CANCELLED,
            ONLINE,
            PaymentStatus.REFUNDED,
            Due.REFUNDED,
            "Remboursée",
            "Remboursée",
        ),
    ],
)
def test_each_reader_has_a_sentence_for_where_the_money_stands(
    status, choice, paid, due, customer, staff
):
    settled = settlement(order(status, choice, paid))
    assert settled.due is due
    assert say(payment_words(settled)) == customer
    assert say(payment_words_for_staff(settled)) == staff


@pytest.mark.parametrize(
    ("status", "choice", "paid", "mode", "total"), EVERY, ids=lambda value: str(value)
)
def test_no_state_of_an_order_contradicts_itself(status, choice, paid, mode, total):
    one = order(status, choice, paid, mode, total)
    settled = settlement(one)
    customer, staff = say(payment_words(settled)), say(payment_words_for_staff(settled))
    # The driver collects what the customer was told, and nothing else.
    asked = customer.startswith("À régler")
    assert asked == staff.startswith("À encaisser") == bool(one.due_cents)
    if asked:
        assert ("livreur" in customer) == (mode is Mode.DELIVERY)
        assert choice is LATER
        assert paid not in MONEY_RECEIVED
    if status is Status.CANCELLED:
        assert settled.due in {
            Due.NOTHING,
            Due.NOT_CHARGED,
            Due.REFUND_AWAITED,
            Due.REFUNDED,
            Due.PARTLY_REFUNDED,
            Due.TO_GIVE_BACK,
        }
    if "débitée quand la préparation commence" in customer:
        assert status in (Status.TO_PREPARE, Status.ACCEPTED)
    if customer.startswith(("Payée", "Remboursée")):
        assert paid in MONEY_RECEIVED
    for language in ("fr", "en"):
        said = [say(text, language) for text in state_words(status, settled)]
        assert all(said)
        assert "${" not in " ".join(said)


@pytest.mark.parametrize(
    ("status", "choice", "paid", "due"),
    [
        (Status.ACCEPTED, ONLINE, AUTHORISED, Due.CARD_ACCEPTED),
        (Status.READY, ONLINE, AUTHORISED, Due.BEING_CHARGED),
        (Status.CANCELLED, ONLINE, UNPAID, Due.NOT_CHARGED),
        # A card was accepted, then another way to pay was chosen.
        (Status.CANCELLED, LATER, RELEASED, Due.NOT_CHARGED),
        (Status.NOT_DELIVERED, ONLINE, RELEASED, Due.NOT_CHARGED),
    ],
)
def test_a_card_is_charged_with_the_preparation_and_never_without_it(status, choice, paid, due):
    assert settlement(order(status, choice, paid)).due is due


def test_a_cancelled_order_paid_online_says_in_one_sentence_that_nothing_was_charged():
    settled = settlement(order(Status.CANCELLED, ONLINE, AUTHORISED))
    (said,) = state_words(Status.CANCELLED, settled)
    assert say(said) == "Annulée ; rien n’a été débité"


@pytest.mark.parametrize(
    ("one", "customer", "staff"),
    [
        # UC1.3: dearer than what was paid in advance, or cheaper.
        (
            paid_at_the_till(Status.READY, 2000),
            "À régler au comptoir · 6,50 €",
            "À encaisser : 6,50 €",
        ),
        (
            paid_at_the_till(Status.READY, 3000),
            "3,50 € à vous rendre au comptoir",
            "À rendre : 3,50 €",
        ),
        (
            paid_at_the_till(Status.OUT_FOR_DELIVERY, 3000, Mode.DELIVERY),
            "3,50 € à vous rendre par le livreur",
            "À rendre : 3,50 €",
        ),
        # Of which a manager has given some back already.
        (
            paid_at_the_till(Status.READY, 3000, kept=100),
            "1,00 € à vous rendre au comptoir",
            "À rendre : 1,00 €",
        ),
        # UC1.4
        (
            paid_at_the_till(Status.CANCELLED, 2650, Mode.DELIVERY),
            "26,50 € à vous rendre au comptoir",
            "À rendre : 26,50 €",
        ),
        (paid_at_the_till(Status.ACCEPTED, 2650), "Payée · 26,50 €", "Payée · 26,50 €"),
        (paid_at_the_till(Status.DELIVERED, 2650), "Payée · 26,50 €", "Payée · 26,50 €"),
        (paid_at_the_till(Status.NOT_DELIVERED, 2650), "Payée · 26,50 €", "Payée · 26,50 €"),
    ],
)
def test_what_was_paid_in_advance_is_made_up_for_when_the_order_changes(one, customer, staff):
    settled = settlement(one)
    assert say(payment_words(settled)) == customer
    assert say(payment_words_for_staff(settled)) == staff


@dataclass
class Agreed:
    payment_choice: PaymentChoice
    authorised_cents: int
    received_cents: int = 0


@pytest.mark.parametrize(
    ("choice", "authorised", "total", "due"),
    [
        (LATER, 0, 3000, ChangeDue.AT_HANDOVER),
        (LATER, 0, 0, ChangeDue.NOTHING),
        (ONLINE, 2650, 2651, ChangeDue.NEW_AUTHORISATION),
        (ONLINE, 2650, 2650, ChangeDue.SAME_CARD),
        (ONLINE, 2650, 900, ChangeDue.SAME_CARD),
        (ONLINE, 0, 900, ChangeDue.NEW_AUTHORISATION),
    ],
)
def test_a_change_says_how_it_is_paid(choice, authorised, total, due):
    assert change_due(Agreed(choice, authorised), total) is due


@pytest.mark.parametrize(
    ("total", "due"),
    [(2651, ChangeDue.AT_HANDOVER), (2650, ChangeDue.PAID), (2649, ChangeDue.GIVEN_BACK)],
)
def test_a_change_of_what_was_paid_in_advance_says_what_becomes_of_the_difference(total, due):
    assert change_due(Agreed(LATER, 0, 2650), total) is due
