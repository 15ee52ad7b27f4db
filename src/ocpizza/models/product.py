"""What is sold: products, their sizes, their composition and what may be added."""

from datetime import date
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ocpizza.column_types import Cents, Typeset, TypesetText, one_of
from ocpizza.db import Base, Versioned
from ocpizza.models.ingredient import Ingredient
from ocpizza.models.picture import Picture
from ocpizza.models.vat import VatClass


class Kind(StrEnum):
    """The shelves of the catalogue, in the order in which they are shown."""

    PIZZA = "pizza"
    DRINK = "drink"
    DESSERT = "dessert"


class Product(Versioned, Base):
    """A pizza, a drink or a dessert. `recipe` is the pizza maker's aide-mémoire (D1).

    `description_en` is for those who read English; empty, they read the French one. Without
    `on_menu_since` it has never been on a menu.
    """

    __tablename__ = "product"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(one_of(Kind, "kind"))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(Typeset(100))
    description: Mapped[str] = mapped_column(Typeset(500), default="", server_default="")
    description_en: Mapped[str] = mapped_column(Typeset(500), default="", server_default="")
    recipe: Mapped[str] = mapped_column(TypesetText, default="", server_default="")
    vat_class: Mapped[VatClass] = mapped_column(one_of(VatClass, "vat_class"))
    available: Mapped[bool] = mapped_column(default=True, server_default=true())
    position: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    on_menu_since: Mapped[date | None]

    picture: Mapped[Picture | None] = relationship()
    sizes: Mapped[list["ProductSize"]] = relationship(
        order_by="ProductSize.position", back_populates="product", cascade="all, delete-orphan"
    )
    composition: Mapped[list["Composition"]] = relationship(
        order_by="Composition.position", cascade="all, delete-orphan"
    )
    extras: Mapped[list["ProductExtra"]] = relationship(
        order_by="ProductExtra.position", cascade="all, delete-orphan"
    )


class ProductSize(Versioned, Base):
    """A size of a product: its price, and how much of the composition it takes.

    One that is not `active` is sold no more; orders may refer to it. `name_en` is for those who
    read English; empty, they read the French one.
    """

    __tablename__ = "product_size"
    __table_args__ = (
        UniqueConstraint("product_id", "code"),
        CheckConstraint("price_cents >= 0", name="price_not_negative"),
        CheckConstraint("factor_percent > 0", name="factor_positive"),
        Index(
            "uq_product_size_default",
            "product_id",
            unique=True,
            postgresql_where=text("is_default"),
            sqlite_where=text("is_default"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(Typeset(60))
    name_en: Mapped[str] = mapped_column(Typeset(60), default="", server_default="")
    price_cents: Mapped[Cents]
    factor_percent: Mapped[int] = mapped_column(default=100, server_default=text("100"))
    is_default: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    active: Mapped[bool] = mapped_column(default=True, server_default=true())

    product: Mapped[Product] = relationship(back_populates="sizes")


class Composition(Base):
    """How much of an ingredient one product of factor 100 takes, in the ingredient's unit."""

    __tablename__ = "composition"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    ingredient_id: Mapped[int] = mapped_column(
        ForeignKey("ingredient.id"), primary_key=True, index=True
    )
    quantity: Mapped[int]
    removable: Mapped[bool] = mapped_column(default=True, server_default=true())
    position: Mapped[int] = mapped_column(default=0, server_default=text("0"))

    ingredient: Mapped[Ingredient] = relationship()


class ProductExtra(Base):
    """An ingredient that may be added to a product, at a price; not while it is not `active`."""

    __tablename__ = "product_extra"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("price_cents >= 0", name="price_not_negative"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredient.id"), primary_key=True)
    quantity: Mapped[int]
    price_cents: Mapped[Cents]
    position: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    active: Mapped[bool] = mapped_column(default=True, server_default=true())

    ingredient: Mapped[Ingredient] = relationship()
