"""Money that does not add up cannot be written: orders, payments, receipts, promotions."""

from dataclasses import dataclass

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from factories import NOON, make_account, make_legal_entity, make_staff, order_of
from ocpizza.models.account import Role
from ocpizza.models.order import Order
from ocpizza.models.order_line import OrderLine
from ocpizza.models.order_revision import OrderRevision, RevisionState
from ocpizza.models.payment import Means, Payment, PaymentState, Receipt, Refund, RefundState
from ocpizza.models.promotion import Promotion, PromotionKind, PromotionUse
from refusals import refused_by


@dataclass
class Sold:
    """An order, and who received money for it."""

    session: Session
    order: Order
    by: int

    def payment(self, **values) -> Payment:
        received = {
            "order_id": self.order.id,
            "means": Means.CASH,
            "state": PaymentState.CAPTURED,
            "amount_cents": 1000,
            "captured_cents": 1000,
            "recorded_by_id": self.by,
            "receipt": self.receipt(values.pop("number", 1)),
            "created_at": NOON,
        }
        return Payment(**received | values)

    def receipt(self, number: int) -> Receipt:
        entity = self.order.restaurant.legal_entity_id
        return Receipt(legal_entity_id=entity, number=number, issued_at=NOON)


@pytest.fixture
def sold(session, pizzeria) -> Sold:
    cashier = make_staff(session, Role.CASHIER, pizzeria.restaurant)
    return Sold(session, order_of(session, pizzeria), cashier.id)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"total_cents": 1}, "ck_order_revision_total"),
        ({"subtotal_cents": -1}, "ck_order_revision_"),
        ({"discount_cents": 5000, "total_cents": -3800}, "ck_order_revision_discount_range"),
        ({"delivery_fee_cents": -1, "total_cents": 949}, "ck_order_revision_delivery_fee_not"),
    ],
)
def test_a_revision_that_does_not_add_up_is_refused(session, sold, values, constraint):
    with refused_by(session, constraint):
        session.execute(
            update(OrderRevision.__table__)
            .where(OrderRevision.id == sold.order.revision.id)
            .values(values)
        )


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"amount_cents": 1}, "ck_order_line_"),
        ({"quantity": 0, "amount_cents": 0}, "ck_order_line_"),
        ({"discount_cents": 951}, "ck_order_line_"),
        ({"fee_cents": -1}, "ck_order_line_fee_not_negative"),
        ({"vat_cents": 1201}, "ck_order_line_vat_range"),
        ({"vat_rate": -1}, "ck_order_line_vat_rate_not_negative"),
    ],
)
def test_a_line_that_does_not_add_up_is_refused(session, sold, values, constraint):
    with refused_by(session, constraint):
        session.execute(
            update(OrderLine.__table__)
            .where(OrderLine.revision_id == sold.order.revision.id)
            .values(values)
        )


@pytest.mark.parametrize("state", [RevisionState.CURRENT, RevisionState.PENDING])
def test_an_order_has_one_revision_of_this_state_at_most(session, sold, state):
    first = OrderRevision(
        order_id=sold.order.id,
        number=2,
        checkout_key="2" * 43,
        state=RevisionState.PENDING,
        subtotal_cents=0,
        total_cents=0,
        made_at=NOON,
    )
    session.add(first)
    session.flush()
    with refused_by(session, f"uq_order_revision_{state}"):
        session.add(
            OrderRevision(
                order_id=sold.order.id,
                number=3,
                checkout_key="3" * 43,
                state=state,
                subtotal_cents=0,
                total_cents=0,
                made_at=NOON,
            )
        )


def test_replaced_revisions_may_be_many(session, sold):
    session.add_all(
        OrderRevision(
            order_id=sold.order.id,
            number=number,
            checkout_key=str(number) * 43,
            state=RevisionState.REPLACED,
            subtotal_cents=0,
            total_cents=0,
            made_at=NOON,
        )
        for number in (2, 3)
    )
    session.flush()


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        (
            {"amount_cents": 0, "captured_cents": 0, "state": PaymentState.CREATED},
            "amount_positive",
        ),
        ({"captured_cents": 1001}, "captured_range"),
        ({"state": PaymentState.AUTHORISED}, "captured_state"),
        ({"captured_cents": 0}, "captured_state"),
        ({"receipt": None}, "receipt_given"),
        ({"tendered_cents": 999}, "tendered_enough"),
        ({"recorded_by_id": None}, "recorded_by"),
        ({"means": Means.ONLINE_CARD}, "recorded_by"),
        ({"currency": "USD"}, "currency"),
    ],
)
def test_a_payment_that_cannot_be_true_is_refused(session, sold, values, constraint):
    with refused_by(session, f"ck_payment_{constraint}"):
        session.add(sold.payment(**values))


def test_a_receipt_number_is_given_once_by_a_legal_entity(session, sold):
    session.add(sold.receipt(1))
    session.flush()
    with refused_by(session, "uq_receipt_legal_entity_id_number"):
        session.add(sold.receipt(1))


def test_two_legal_entities_number_their_receipts_apart(session, sold):
    other = make_legal_entity(session, code="other")
    session.add_all([sold.receipt(1), Receipt(legal_entity_id=other.id, number=1, issued_at=NOON)])
    session.flush()


def test_a_receipt_is_of_one_payment(session, sold):
    payment = sold.payment()
    session.add(payment)
    session.flush()
    with refused_by(session, "uq_payment_receipt_id"):
        session.add(sold.payment(receipt=payment.receipt))


def test_nothing_cannot_be_refunded(session, sold):
    payment = sold.payment()
    session.add(payment)
    session.flush()
    with refused_by(session, "ck_refund_amount_positive"):
        refund = {"state": RefundState.DONE, "note": "froide", "requested_at": NOON}
        session.add(Refund(payment_id=payment.id, amount_cents=0, **refund))


def promotion(**values) -> Promotion:
    tenth = {"code": "DIX", "name": "Dix", "kind": PromotionKind.PERCENTAGE, "percent": 10}
    return Promotion(**tenth | values)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"percent": None}, "percent_given"),
        ({"percent": 101}, "percent_range"),
        ({"kind": PromotionKind.AMOUNT, "percent": None}, "amount_given"),
        ({"kind": PromotionKind.AMOUNT, "amount_cents": 100}, "percent_given"),
        ({"kind": PromotionKind.AMOUNT, "percent": None, "amount_cents": 0}, "amount_positive"),
        ({"kind": PromotionKind.FREE_PRODUCT, "percent": None}, "product_given"),
        ({"code": "dix"}, "code_upper"),
        ({"weekday_mask": 0}, "weekday_mask_range"),
        ({"from_minute": 900, "to_minute": 800}, "minutes_order"),
        ({"starts_at": NOON, "ends_at": NOON}, "period_order"),
        ({"total_limit": 3, "times_used": 4}, "within_total_limit"),
        ({"minimum_cents": -1}, "minimum_not_negative"),
    ],
)
def test_a_promotion_that_makes_no_sense_is_refused(session, values, constraint):
    with refused_by(session, f"ck_promotion_{constraint}"):
        session.add(promotion(**values))


def test_a_customer_uses_a_promotion_for_the_first_time_once(session, pizzeria):
    offer, customer = promotion(), make_account(session)
    session.add(offer)
    session.flush()

    def use() -> PromotionUse:
        return PromotionUse(
            order_id=order_of(session, pizzeria).id,
            promotion_id=offer.id,
            account_id=customer.id,
            ordinal=1,
            kind=offer.kind,
            percent=offer.percent,
            discount_cents=0,
            used_at=NOON,
        )

    session.add(use())
    with refused_by(session, "uq_promotion_use_promotion_id_account_id_ordinal"):
        session.add(use())
