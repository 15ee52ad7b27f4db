"""Ingredients and the allergens they bring."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ocpizza.column_types import Typeset, one_of
from ocpizza.db import Base, Versioned
from ocpizza.models.meat import IngredientMeat


class Unit(StrEnum):
    """What an ingredient is counted in; quantities are integers of it."""

    GRAM = "g"
    MILLILITRE = "ml"
    PIECE = "piece"


class Allergen(StrEnum):
    """The fourteen of regulation (EU) 1169/2011, annex II."""

    GLUTEN = "gluten"
    CRUSTACEANS = "crustaceans"
    EGGS = "eggs"
    FISH = "fish"
    PEANUTS = "peanuts"
    SOYBEANS = "soybeans"
    MILK = "milk"
    NUTS = "nuts"
    CELERY = "celery"
    MUSTARD = "mustard"
    SESAME = "sesame"
    SULPHITES = "sulphites"
    LUPIN = "lupin"
    MOLLUSCS = "molluscs"


class Diet(StrEnum):
    """The strictest way of eating that an ingredient suits, of those that people choose by."""

    # Neither meat nor fish, nor what is made of them: gelatine is.
    VEGETARIAN = "vegetarian"
    NO_PORK = "no_pork"
    # Pork, or something made of it.
    PORK = "pork"


class Ingredient(Versioned, Base):
    """Something kept in stock. `unit_quantity` is for display only: flour counts « par 500 g ».

    `short_name` is what people call it when they leave it out or add it (« sans mozzarella »);
    empty, it is the name. What ends in `_en` is for those who read English; empty, they read the
    French one. `unit_cost_millicents` is what one unit is bought for, in thousandths of a cent
    without VAT, where it is known: a cent a kilogram is one of them a gram. Without a `diet` nobody
    has said whom it suits: then it suits none.
    """

    __tablename__ = "ingredient"
    __table_args__ = (
        CheckConstraint("unit_quantity > 0", name="unit_quantity_positive"),
        CheckConstraint("unit_cost_millicents >= 0", name="unit_cost_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(Typeset(100))
    name_en: Mapped[str] = mapped_column(Typeset(100), default="", server_default="")
    short_name: Mapped[str] = mapped_column(Typeset(60), default="", server_default="")
    short_name_en: Mapped[str] = mapped_column(Typeset(60), default="", server_default="")
    note: Mapped[str] = mapped_column(Typeset(500), default="", server_default="")
    unit: Mapped[Unit] = mapped_column(one_of(Unit, "unit"))
    unit_quantity: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    unit_cost_millicents: Mapped[int | None]
    diet: Mapped[Diet | None] = mapped_column(one_of(Diet, "diet"))
    spicy: Mapped[bool] = mapped_column(default=False, server_default=false())

    allergens: Mapped[list["IngredientAllergen"]] = relationship(cascade="all, delete-orphan")
    meats: Mapped[list[IngredientMeat]] = relationship(cascade="all, delete-orphan")

    @property
    def unit_cost(self) -> int | None:
        """What people read: cents for a kilogram, a litre or a piece."""
        kept = self.unit_cost_millicents
        return kept // 1000 if kept is not None and self.unit is Unit.PIECE else kept


class IngredientAllergen(Base):
    """One allergen of one ingredient; everything else about allergens is computed from these."""

    __tablename__ = "ingredient_allergen"

    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredient.id"), primary_key=True)
    allergen: Mapped[Allergen] = mapped_column(one_of(Allergen, "allergen"), primary_key=True)
