"""Which meats an ingredient has, and the countries that its supplier says they come from."""

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    ScalarSelect,
    String,
    and_,
    case,
    false,
    func,
    outerjoin,
    select,
    type_coerce,
)
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.column_types import Codes, one_of
from ocpizza.db import Base


class Meat(StrEnum):
    """The four whose origin restaurants must tell (décret n° 2002-1465, article 1)."""

    BEEF = "beef"
    PORK = "pork"
    SHEEP = "sheep"
    POULTRY = "poultry"


class Countries:
    """Where the animals were born, reared and slaughtered: ISO codes, `EU` or `NOT_EU`.

    None of them where nobody knows: an origin is never guessed. Of beef the law wants the birth,
    too; of the others it is told where all three are one country.
    """

    born_in: Mapped[tuple[str, ...]] = mapped_column(Codes(60), default=(), server_default="")
    reared_in: Mapped[tuple[str, ...]] = mapped_column(Codes(60), default=(), server_default="")
    slaughtered_in: Mapped[tuple[str, ...]] = mapped_column(
        Codes(60), default=(), server_default=""
    )


def _whole() -> tuple[CheckConstraint, ...]:
    """Half of an origin is none."""
    return (
        CheckConstraint("(reared_in = '') = (slaughtered_in = '')", name="reared_and_slaughtered"),
        CheckConstraint("born_in = '' OR reared_in <> ''", name="born_and_reared"),
        CheckConstraint(
            "meat <> 'beef' OR (born_in = '') = (reared_in = '')", name="birth_of_beef"
        ),
    )


class IngredientMeat(Countries, Base):
    """A meat that an ingredient has, from the group's supplier.

    `prepared` says that it is bought so (ham, sausages): of it the law wants to be told apart, and
    only what the supplier must tell (décret n° 2024-171).
    """

    __tablename__ = "ingredient_meat"
    __table_args__ = _whole()

    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredient.id"), primary_key=True)
    meat: Mapped[Meat] = mapped_column(one_of(Meat, "meat"), primary_key=True)
    prepared: Mapped[bool] = mapped_column(default=False, server_default=false())


class RestaurantMeat(Countries, Base):
    """The same from the supplier of one restaurant, which has another than the group's."""

    __tablename__ = "restaurant_meat"
    __table_args__ = (
        ForeignKeyConstraint(
            ["ingredient_id", "meat"], ["ingredient_meat.ingredient_id", "ingredient_meat.meat"]
        ),
        *_whole(),
    )

    restaurant_id: Mapped[int] = mapped_column(ForeignKey("restaurant.id"), primary_key=True)
    ingredient_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    meat: Mapped[Meat] = mapped_column(one_of(Meat, "meat"), primary_key=True)


def meats_text(restaurant_id: Any, ingredient_id: Any) -> ScalarSelect[str | None]:
    """Return a subquery: the meats of an ingredient as they come to a restaurant.

    `domain.meat.meats_in` reads it.
    """
    here = and_(
        RestaurantMeat.restaurant_id == restaurant_id,
        RestaurantMeat.ingredient_id == IngredientMeat.ingredient_id,
        RestaurantMeat.meat == IngredientMeat.meat,
    )
    codes = [
        func.coalesce(type_coerce(own, String), type_coerce(usual, String))
        for own, usual in (
            (RestaurantMeat.born_in, IngredientMeat.born_in),
            (RestaurantMeat.reared_in, IngredientMeat.reared_in),
            (RestaurantMeat.slaughtered_in, IngredientMeat.slaughtered_in),
        )
    ]
    meat: Any = type_coerce(IngredientMeat.meat, String)
    told = meat + ":" + case((IngredientMeat.prepared, "1"), else_="0")
    for each in codes:
        told = told + ":" + each
    return (
        select(func.aggregate_strings(told, ";"))
        .select_from(outerjoin(IngredientMeat, RestaurantMeat, here))
        .where(IngredientMeat.ingredient_id == ingredient_id)
        .scalar_subquery()
    )
