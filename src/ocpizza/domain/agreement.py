"""UC1.3: what was agreed on an order that is being changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ocpizza.column_types import Cents
from ocpizza.domain.item import Item
from ocpizza.domain.promotion import Terms
from ocpizza.models.order import PaymentChoice
from ocpizza.models.vat import Mode


@dataclass(frozen=True, slots=True)
class AgreedLine:
    """How many of a selection were ordered, and at what price each."""

    quantity: int
    unit_price_cents: Cents


@dataclass(frozen=True, slots=True)
class Agreement:
    """An order's current revision; `lines` by selection, `taken` is its stock by ingredient id.

    `promotion` gives what it gave when it was ordered, whatever else it asks for today.
    """

    order_id: int
    number: str
    tracking_token: str
    revision: int
    mode: Mode
    total_cents: Cents
    delivery_fee_cents: Cents
    lines: Mapping[str, AgreedLine]
    taken: Mapping[int, int]
    promotion: Terms | None = None
    payment_choice: PaymentChoice = PaymentChoice.ON_DELIVERY
    # The most that may be captured online without asking again.
    authorised_cents: Cents = 0
    # Whether its customer has said that they are 18.
    of_age: bool = False
    # What was paid in advance at the till.
    received_cents: Cents = 0

    def portions(self, item: Item, quantity: int) -> Iterator[tuple[Item, int]]:
        """`quantity` of an item: as many as were ordered at the price agreed, the rest at today's.

        What is left alone is not asked for again: it may be off the menu's sale today.
        """
        agreed = self.lines.get(item.selection.text)
        kept = min(quantity, agreed.quantity) if agreed else 0
        more = quantity - kept
        if agreed is None or (more and self._same_today(item, agreed)):
            yield item, quantity
            return
        yield replace(item, agreed_price_cents=agreed.unit_price_cents), kept
        if more:
            yield item, more

    @staticmethod
    def _same_today(item: Item, agreed: AgreedLine) -> bool:
        return item.on_sale and item.unit_price_cents == agreed.unit_price_cents
