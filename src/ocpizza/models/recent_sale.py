"""What each restaurant sold in the last weeks, counted anew every morning."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.db import Base


class RecentSale(Base):
    """How many of a product a restaurant sold in the last weeks; a half counts like a whole.

    Menus say by it what is ordered most, without a look at any order.
    """

    __tablename__ = "recent_sale"
    __table_args__ = (CheckConstraint("sold > 0", name="sold_positive"),)

    restaurant_id: Mapped[int] = mapped_column(ForeignKey("restaurant.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True, index=True)
    sold: Mapped[int]
