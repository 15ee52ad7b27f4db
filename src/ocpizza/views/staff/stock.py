"""D2: what there is of each ingredient."""

from pyramid.view import view_config
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from ocpizza.models.stock import Stock
from ocpizza.rendering import name_order
from ocpizza.request import Answer, Request
from ocpizza.resources import Workplace
from ocpizza.security.permissions import Permission


@view_config(route_name="stock", renderer="staff/stock.jinja2", permission=Permission.STOCK)
def stock(context: Workplace, request: Request) -> Answer:
    query = (
        select(Stock)
        .join(Stock.ingredient)
        .options(contains_eager(Stock.ingredient))
        .where(Stock.restaurant_id == context.restaurant_id)
    )
    language = request.locale_name
    stocks = request.db.scalars(query).all()
    return {"stocks": sorted(stocks, key=lambda stock: name_order(stock.ingredient, language))}
