"""The lines of an order as they were sold, part by part and ingredient by ingredient."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ocpizza.column_types import Cents, Typeset, one_of
from ocpizza.db import Base
from ocpizza.models.ingredient import Allergen, Ingredient
from ocpizza.models.product import Kind, Product, ProductSize


class OrderLine(Base):
    """Identical items of an order, at the price and VAT of the day they were ordered.

    `discount_cents` and `fee_cents` are its shares of the order's promotion and delivery fee;
    `vat_cents` is the VAT contained in `amount_cents - discount_cents + fee_cents`.
    """

    __tablename__ = "order_line"
    __table_args__ = (
        UniqueConstraint("revision_id", "position"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("unit_price_cents >= 0", name="unit_price_not_negative"),
        CheckConstraint("amount_cents = unit_price_cents * quantity", name="amount"),
        CheckConstraint("discount_cents BETWEEN 0 AND amount_cents", name="discount_range"),
        CheckConstraint("fee_cents >= 0", name="fee_not_negative"),
        CheckConstraint("vat_rate >= 0", name="vat_rate_not_negative"),
        CheckConstraint(
            "vat_cents BETWEEN 0 AND amount_cents - discount_cents + fee_cents", name="vat_range"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("order_revision.id"))
    position: Mapped[int]
    kind: Mapped[Kind] = mapped_column(one_of(Kind, "kind"))
    product_size_id: Mapped[int] = mapped_column(ForeignKey("product_size.id"))
    size_name: Mapped[str] = mapped_column(Typeset(60))
    size_name_en: Mapped[str] = mapped_column(Typeset(60), default="", server_default="")
    quantity: Mapped[int]
    unit_price_cents: Mapped[Cents]
    amount_cents: Mapped[Cents]
    discount_cents: Mapped[Cents] = mapped_column(default=0, server_default=text("0"))
    fee_cents: Mapped[Cents] = mapped_column(default=0, server_default=text("0"))
    vat_rate: Mapped[int]
    vat_cents: Mapped[Cents]

    size: Mapped[ProductSize] = relationship()
    parts: Mapped[list["OrderLinePart"]] = relationship(order_by="OrderLinePart.position")

    @property
    def allergens(self) -> list[Allergen]:
        """Those of what is really on it, in the order of the regulation."""
        present = {link.allergen for one in self.contents for link in one.allergens}
        return [allergen for allergen in Allergen if allergen in present]

    @property
    def contents(self) -> list[Ingredient]:
        """What is really on it, each ingredient once."""
        used = (each for part in self.parts for each in part.ingredients)
        found = {one.ingredient_id: one.ingredient for one in used if one.use is not Use.WITHOUT}
        return list(found.values())

    @property
    def picture_codes(self) -> list[str]:
        """The ingredients that its picture is drawn from."""
        return sorted(one.code for one in self.contents)

    @property
    def name(self) -> str:
        """« Regina », or « Regina / Savoyarde » for two halves."""
        return " / ".join(part.name for part in self.parts)

    @property
    def slug(self) -> str:
        """The product's, or nothing for two halves: no picture shows both."""
        return self.parts[0].product.slug if len(self.parts) == 1 else ""

    @property
    def photo(self) -> str:
        """The digest of the product's photo, if it has one; of two halves, none."""
        picture = self.parts[0].product.picture if len(self.parts) == 1 else None
        return picture.sha256 if picture else ""


class OrderLinePart(Base):
    """A whole pizza, or one half of it, under the name it was sold by."""

    __tablename__ = "order_line_part"
    __table_args__ = (
        UniqueConstraint("line_id", "position"),
        CheckConstraint("position IN (0, 1)", name="position_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"))
    position: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    name: Mapped[str] = mapped_column(Typeset(100))

    product: Mapped[Product] = relationship()
    ingredients: Mapped[list["PartIngredient"]] = relationship(order_by="PartIngredient.position")


class Use(StrEnum):
    """What a part does with an ingredient."""

    BASE = "base"
    EXTRA = "extra"
    WITHOUT = "without"


class PartIngredient(Base):
    """What one item takes of an ingredient; nothing where the customer left it out."""

    __tablename__ = "part_ingredient"
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        CheckConstraint("(use = 'without') = (quantity = 0)", name="without_takes_nothing"),
        CheckConstraint("price_cents >= 0", name="price_not_negative"),
    )

    part_id: Mapped[int] = mapped_column(ForeignKey("order_line_part.id"), primary_key=True)
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredient.id"), primary_key=True)
    use: Mapped[Use] = mapped_column(one_of(Use, "use"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    quantity: Mapped[int]
    price_cents: Mapped[Cents] = mapped_column(default=0, server_default=text("0"))

    ingredient: Mapped[Ingredient] = relationship()
