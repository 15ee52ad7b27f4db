"""What the summary of an order says (B2), whatever its language and its looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ocpizza.column_types import Cents
from ocpizza.domain.meat import Meats
from ocpizza.models.ingredient import Allergen, Ingredient
from ocpizza.models.legal_entity import FormerLegalEntity, LegalEntity
from ocpizza.models.order import Order
from ocpizza.models.order_line import OrderLine, Use
from ocpizza.models.order_revision import OrderRevision
from ocpizza.models.payment import Means, Payment, PaymentState, RefundState
from ocpizza.models.promotion import Promotion
from ocpizza.models.vat import BasisPoints


@dataclass(frozen=True, slots=True)
class Option:
    """An ingredient left out or added, at its price; `part` names the half it is on, if any."""

    use: Use
    ingredient: Ingredient
    price_cents: Cents
    part: str


@dataclass(frozen=True, slots=True)
class Line:
    """Identical items, with the allergens and the meats that are on them."""

    quantity: int
    name: str
    size_name: str
    size_name_en: str
    options: tuple[Option, ...]
    allergens: tuple[Allergen, ...]
    meats: tuple[tuple[Ingredient, Meats], ...]
    unit_price_cents: Cents
    amount_cents: Cents


@dataclass(frozen=True, slots=True)
class VatRow:
    """What the total holds at one rate; `net_cents + vat_cents` is the amount paid."""

    rate: BasisPoints
    net_cents: Cents
    vat_cents: Cents

    @property
    def gross_cents(self) -> Cents:
        return self.net_cents + self.vat_cents


class Flow(StrEnum):
    """Which way money went."""

    RECEIVED = "received"
    AUTHORISED = "authorised"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Money:
    """One payment or refund; a receipt number where money was received."""

    flow: Flow
    means: Means
    cents: Cents
    at: datetime
    receipt_number: int | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """The order with one of its revisions, and what else its summary must tell."""

    order: Order
    revision: OrderRevision
    seller: LegalEntity | FormerLegalEntity
    lines: tuple[Line, ...]
    promotion: Promotion | None
    vat: tuple[VatRow, ...]
    money: tuple[Money, ...]
    tracking_url: str
    terms_url: str


def summary_of(
    order: Order,
    payments: Sequence[Payment],
    promotion: Promotion | None,
    meats: Mapping[int, Meats],
    site_url: str,
) -> Summary:
    """Return the facts of an order that was loaded whole; `promotion` is the one applied.

    `meats` are those of ingredients where it is made.
    """
    revision, site = order.revision, site_url.rstrip("/")
    money = tuple(sorted(_money(payments), key=lambda one: one.at))
    return Summary(
        order,
        revision,
        order.restaurant.legal_entity.as_of(revision.made_at),
        tuple(_line(line, meats) for line in revision.lines),
        promotion,
        tuple(_vat(revision)),
        money,
        f"{site}/suivi/{order.tracking_token}",
        f"{site}/conditions-generales",
    )


def _line(line: OrderLine, meats: Mapping[int, Meats]) -> Line:
    halves = len(line.parts) > 1
    options = tuple(
        Option(used.use, used.ingredient, used.price_cents, part.name if halves else "")
        for part in line.parts
        for used in part.ingredients
        if used.use is not Use.BASE
    )
    return Line(
        line.quantity,
        line.name,
        line.size_name,
        line.size_name_en,
        options,
        tuple(line.allergens),
        tuple((one, meats[one.id]) for one in line.contents if one.id in meats),
        line.unit_price_cents,
        line.amount_cents,
    )


def _vat(revision: OrderRevision) -> list[VatRow]:
    gross: dict[BasisPoints, Cents] = {}
    for line in revision.lines:
        paid = line.amount_cents - line.discount_cents + line.fee_cents
        gross[line.vat_rate] = gross.get(line.vat_rate, 0) + paid
    return [VatRow(rate, gross[rate] - vat, vat) for rate, vat in revision.vat_by_rate.items()]


def _money(payments: Sequence[Payment]) -> list[Money]:
    found = []
    for payment in payments:
        at = payment.settled_at or payment.created_at
        if payment.state is PaymentState.AUTHORISED:
            found.append(Money(Flow.AUTHORISED, payment.means, payment.amount_cents, at))
        elif payment.captured_cents:
            number = payment.receipt.number if payment.receipt else None
            found.append(Money(Flow.RECEIVED, payment.means, payment.captured_cents, at, number))
        found += [
            Money(Flow.REFUNDED, payment.means, refund.amount_cents, refund.requested_at)
            for refund in payment.refunds
            if refund.state is RefundState.DONE
        ]
    return found
