"""What an order costs: lines, delivery fee, discount, total, and the VAT inside it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ocpizza.domain.item import Item
from ocpizza.domain.money import apportion, vat_contained
from ocpizza.models.vat import BasisPoints, Mode, vat_rate


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One line, with its shares of the discount and of the delivery fee, in cents."""

    item: Item
    quantity: int
    amount_cents: int
    discount_cents: int
    fee_cents: int
    vat_rate: BasisPoints
    vat_cents: int


@dataclass(frozen=True, slots=True)
class Quote:
    """The sums of an order, in cents, VAT included; the promotion that gives the discount."""

    lines: tuple[QuoteLine, ...]
    subtotal_cents: int
    discount_cents: int
    delivery_fee_cents: int
    promotion_id: int | None = None

    @property
    def total_cents(self) -> int:
        return self.subtotal_cents - self.discount_cents + self.delivery_fee_cents

    @property
    def count(self) -> int:
        """How many items there are."""
        return sum(line.quantity for line in self.lines)

    @property
    def vat_by_rate(self) -> dict[BasisPoints, int]:
        """The VAT contained in the total, rate by rate."""
        by_rate: Counter[BasisPoints] = Counter()
        for line in self.lines:
            by_rate[line.vat_rate] += line.vat_cents
        return dict(sorted(by_rate.items()))


def make_quote(
    lines: Sequence[tuple[Item, int]],
    mode: Mode,
    delivery_fee_cents: int,
    discount_cents: int = 0,
    promotion_id: int | None = None,
) -> Quote:
    """Return the price of these items, eaten in this way.

    The fee only counts when they are delivered.
    """
    amounts = [item.unit_price_cents * number for item, number in lines]
    subtotal = sum(amounts)
    fee = delivery_fee_cents if mode is Mode.DELIVERY else 0
    discount = min(discount_cents, subtotal)
    if not lines:
        return Quote((), 0, 0, 0)
    discounts, fees = apportion(discount, amounts), apportion(fee, amounts)
    priced = []
    for (item, number), amount, less, more in zip(lines, amounts, discounts, fees, strict=True):
        rate = vat_rate(item.parts[0].product.vat_class, mode)
        vat = vat_contained(amount - less + more, rate)
        priced.append(QuoteLine(item, number, amount, less, more, rate, vat))
    return Quote(tuple(priced), subtotal, discount, fee, promotion_id)
