"""Ingredients and their allergens, as another database has them."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ocpizza.models.ingredient import Ingredient, IngredientAllergen
from ocpizza.services.refresh.content import IngredientContent
from ocpizza.services.refresh.rows import Unfit, put, withdraw


def refresh_ingredients(session: Session, wanted: Mapping[str, IngredientContent]) -> int:
    """Bring ingredients in line; return how many changed. Raises Unfit."""
    query = select(Ingredient).options(selectinload(Ingredient.allergens))
    known = {row.code: row for row in session.scalars(query)}
    changed = sum(withdraw(known[code], "active") for code in known.keys() - wanted.keys())
    for code, content in wanted.items():
        if code in known:
            changed += _change(known[code], content)
            continue
        allergens = [IngredientAllergen(allergen=one) for one in sorted(content.allergens)]
        session.add(Ingredient(allergens=allergens, **content.values))
        changed += 1
    session.flush()
    return changed


def _change(row: Ingredient, content: IngredientContent) -> bool:
    unit = content.values["unit"]
    if row.unit is not unit:
        # Stocks, recipes and what orders took are all counted in it.
        raise Unfit(f"ingredient « {row.code} » is counted in {unit} there and in {row.unit} here")
    changed = put(row, content.values)
    known = {link.allergen: link for link in row.allergens}
    if content.allergens == known.keys():
        return changed
    wanted = sorted(content.allergens)
    row.allergens = [known.get(one) or IngredientAllergen(allergen=one) for one in wanted]
    if not changed:
        row.touch_version()
    return True
