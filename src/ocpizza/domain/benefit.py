"""UC3.2: what a promotion gives, in cents."""

from collections.abc import Sequence
from dataclasses import dataclass

from ocpizza.column_types import Cents
from ocpizza.domain.item import Item
from ocpizza.domain.money import divide_half_up
from ocpizza.models.promotion import PromotionKind

Lines = Sequence[tuple[Item, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """What a promotion gives, from `minimum_cents` of purchases."""

    kind: PromotionKind
    percent: int | None = None
    amount_cents: Cents | None = None
    product_size_id: int | None = None
    minimum_cents: Cents = 0

    def discount_cents(self, lines: Lines) -> Cents:
        """Return what it takes off these items: never more than they cost."""
        subtotal = _subtotal(lines)
        if self.kind is PromotionKind.PERCENTAGE:
            return divide_half_up(subtotal * (self.percent or 0), 100)
        if self.kind is PromotionKind.AMOUNT:
            return min(self.amount_cents or 0, subtotal)
        return next((_plain_price(item) for item, _ in lines if self._is_offered(item)), 0)

    def lacks_product(self, lines: Lines) -> bool:
        """Return whether the product that it offers is not among these items."""
        is_product = self.kind is PromotionKind.FREE_PRODUCT
        return is_product and not any(self._is_offered(item) for item, _ in lines)

    def missing_cents(self, lines: Lines) -> Cents:
        """Return what is missing to its minimum; what is offered is no purchase."""
        bought = _subtotal(lines)
        if self.kind is PromotionKind.FREE_PRODUCT:
            bought -= self.discount_cents(lines)
        return max(0, self.minimum_cents - bought)

    def _is_offered(self, item: Item) -> bool:
        return len(item.parts) == 1 and item.size.id == self.product_size_id


def _subtotal(lines: Lines) -> Cents:
    return sum(item.unit_price_cents * quantity for item, quantity in lines)


def _plain_price(item: Item) -> Cents:
    # What a customer adds to a product that they are offered is paid.
    extras = sum(part.extra_price(extra) for part in item.parts for extra in part.extras)
    return max(0, item.unit_price_cents - extras)
