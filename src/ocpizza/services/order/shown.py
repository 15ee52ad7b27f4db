"""B2, B5: what of an order its customer's page shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from ocpizza.column_types import Cents
from ocpizza.models.ingredient import Allergen
from ocpizza.models.order import Consequences, PaymentChoice
from ocpizza.models.order_line import Use
from ocpizza.models.order_revision import vat_by_rate
from ocpizza.models.order_status import EndingReason, Status, UndeliveredReason
from ocpizza.models.payment import Means, PaymentStatus
from ocpizza.models.vat import Mode


class ShownIngredient(NamedTuple):
    """What an ingredient is called, and which allergens are in it."""

    name: str
    name_en: str
    short_name: str
    short_name_en: str
    allergens: str | None


class ShownUse(NamedTuple):
    """What a part does with an ingredient."""

    use: Use
    ingredient: ShownIngredient


class ShownPart(NamedTuple):
    """A whole pizza, or one half of it."""

    name: str
    ingredients: list[ShownUse]


class ShownLine(NamedTuple):
    """Identical items."""

    quantity: int
    size_name: str
    size_name_en: str
    amount_cents: Cents
    vat_rate: int
    vat_cents: Cents
    parts: list[ShownPart]

    @property
    def name(self) -> str:
        """As `OrderLine.name`."""
        return " / ".join(part.name for part in self.parts)

    @property
    def allergens(self) -> list[Allergen]:
        """As `OrderLine.allergens`."""
        used = (one for part in self.parts for one in part.ingredients if one.use != Use.WITHOUT)
        joined = ",".join(one.ingredient.allergens or "" for one in used)
        present = set(joined.split(","))
        return [allergen for allergen in Allergen if allergen in present]


class ShownEvent(NamedTuple):
    """What tells how the status of an order went."""

    id: int
    status: Status | None
    at: datetime
    undoes_id: int | None


class ShownPlace(NamedTuple):
    """The restaurant, and how many minutes it takes."""

    name: str
    phone: str
    street: str
    postcode: str
    town: str
    preparation_minutes: int
    delivery_minutes: int


class ShownPromotion(NamedTuple):
    code: str


class ShownAccount(NamedTuple):
    first_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRevision:
    """What an order says now, as `OrderRevision` has it."""

    id: int
    number: int
    comment: str
    street: str | None
    complement: str | None
    postcode: str | None
    town: str | None
    subtotal_cents: Cents
    discount_cents: Cents
    delivery_fee_cents: Cents
    total_cents: Cents
    summary_shown_at: datetime | None
    promotion: ShownPromotion | None
    lines: list[ShownLine]

    @property
    def vat_by_rate(self) -> dict[int, Cents]:
        return vat_by_rate(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOrder(Consequences):
    """An order as `Order` has it, but for what no customer is shown."""

    id: int
    number: str
    tracking_token: str
    mode: Mode
    status: Status
    payment_choice: PaymentChoice
    payment_status: PaymentStatus
    means: Means
    contact_name: str
    email: str | None
    placed_at: datetime
    expected_at: datetime
    hold_expires_at: datetime | None
    confirm_by: datetime | None
    erased_at: datetime | None
    ending_reason: EndingReason | None
    ending_note: str | None
    undelivered_reason: UndeliveredReason | None
    received_cents: Cents
    kept_cents: Cents
    account: ShownAccount | None
    restaurant: ShownPlace
    revision: ShownRevision
    events: list[ShownEvent]

    @property
    def total_cents(self) -> Cents:
        return self.revision.total_cents
