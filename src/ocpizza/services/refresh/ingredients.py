"""Ingredients, their allergens and their meats, as another database has them."""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from ocpizza.domain.meat import MeatOrigin, origin_in, put_origin
from ocpizza.models.ingredient import Ingredient, IngredientAllergen
from ocpizza.models.meat import IngredientMeat, RestaurantMeat
from ocpizza.services.refresh.content import IngredientContent
from ocpizza.services.refresh.rows import Unfit, put, withdraw


def refresh_ingredients(session: Session, wanted: Mapping[str, IngredientContent]) -> int:
    """Bring ingredients in line; return how many changed. Raises Unfit."""
    links = selectinload(Ingredient.allergens), selectinload(Ingredient.meats)
    query = select(Ingredient).options(*links)
    known = {row.code: row for row in session.scalars(query)}
    changed = sum(withdraw(known[code], "active") for code in known.keys() - wanted.keys())
    for code, content in wanted.items():
        if code in known:
            changed += _change(session, known[code], content)
            continue
        allergens = [IngredientAllergen(allergen=one) for one in sorted(content.allergens)]
        meats = [_row(one) for one in content.meats]
        session.add(Ingredient(allergens=allergens, meats=meats, **content.values))
        changed += 1
    session.flush()
    return changed


def _change(session: Session, row: Ingredient, content: IngredientContent) -> bool:
    unit = content.values["unit"]
    if row.unit is not unit:
        # Stocks, recipes and what orders took are all counted in it.
        raise Unfit(f"ingredient « {row.code} » is counted in {unit} there and in {row.unit} here")
    changed = put(row, content.values)
    others = [_change_allergens(row, content), _change_meats(session, row, content)]
    if any(others) and not changed:
        row.touch_version()
    return changed or any(others)


def _change_allergens(row: Ingredient, content: IngredientContent) -> bool:
    known = {link.allergen: link for link in row.allergens}
    if content.allergens == known.keys():
        return False
    wanted = sorted(content.allergens)
    row.allergens = [known.get(one) or IngredientAllergen(allergen=one) for one in wanted]
    return True


def _change_meats(session: Session, row: Ingredient, content: IngredientContent) -> bool:
    known = {each.meat: each for each in row.meats}
    if content.meats == {origin_in(each, each.prepared) for each in row.meats}:
        return False
    gone = known.keys() - {one.meat for one in content.meats}
    if gone:
        mine = RestaurantMeat.ingredient_id == row.id
        session.execute(delete(RestaurantMeat).where(mine, RestaurantMeat.meat.in_(gone)))
    row.meats = [_row(one, known.get(one.meat)) for one in content.meats]
    session.flush()
    return True


def _row(one: MeatOrigin, row: IngredientMeat | None = None) -> IngredientMeat:
    row = row or IngredientMeat(meat=one.meat)
    row.prepared = one.prepared
    put_origin(row, one)
    return row
