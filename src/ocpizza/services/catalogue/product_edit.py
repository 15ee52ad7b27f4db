"""Products and their sizes, written by managers; what was sold is withdrawn, never deleted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ocpizza.domain.hours import business_day
from ocpizza.domain.product import SizeDraft, first_free, plain_words
from ocpizza.domain.sorting import reading_order
from ocpizza.domain.stale_version import StaleVersion, fingerprint
from ocpizza.models.price import HiddenProduct
from ocpizza.models.product import Product, ProductSize
from ocpizza.models.restaurant import Restaurant
from ocpizza.services.catalogue.managing import note_on_menu, product_to_change, sellers_of
from ocpizza.services.catalogue.recipe import record_product_change
from ocpizza.services.locks import lock_catalogue
from ocpizza.services.stock.open import open_stocks
from ocpizza.services.trail.record import Facts, Signature
from ocpizza.typography import typeset

# Addresses of pages beside those of products.
RESERVED = {"nouveau", "ingredients", "ajouter", "allergenes"}
SLUG_LENGTH, CODE_LENGTH = 70, 16
TOLD = ("description", "description_en", "vat_class", "available")


class UnknownSize(LookupError):
    """A size of another product, or the same one twice."""


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """A product as it was written: its columns, its sizes in their order, who sells it.

    `sold_at` is for the group's managers; None leaves it as it is. `sellers_seen` is the
    `sellers_fingerprint` of its page.
    """

    values: dict[str, Any]
    sizes: Sequence[SizeDraft]
    sold_at: Collection[int] | None
    sellers_seen: str | None = None


def add_product(
    session: Session, draft: ProductDraft, manager_of: int | None, signed: Signature
) -> Product:
    """Return a new product, last on its shelf.

    The group sells it where it says, a restaurant's manager at their restaurant alone. Raises
    UnknownSize.
    """
    lock_catalogue(session)
    _check_sizes(draft, set())
    last = select(func.max(Product.position)).where(Product.kind == draft.values["kind"])
    product = Product(
        **draft.values,
        slug=_free_slug(session, draft.values["name"]),
        position=(session.scalar(last) or 0) + 1,
    )
    product.composition, product.extras = [], []
    session.add(product)
    session.flush()
    _put_sizes(session, product, draft.sizes)
    sold_at = draft.sold_at if manager_of is None else [manager_of]
    _sell_at(session, product, sold_at or ())
    record_product_change(session, product, None, facts(session, product), signed)
    return product


def edit_product(
    session: Session,
    product_id: int,
    version: int,
    draft: ProductDraft,
    manager_of: int | None,
    signed: Signature,
) -> Product:
    """Write over the `version` that was shown; orders keep what they were sold as.

    Raises NotManaged, StaleVersion and UnknownSize.
    """
    product = product_to_change(session, product_id, version, manager_of)
    if _sellers_changed(session, product_id, draft):
        raise StaleVersion
    # Before anything is written: whoever is refused is shown their page again.
    _check_sizes(draft, {size.id for size in product.sizes})
    before = facts(session, product)
    for column, value in draft.values.items():
        setattr(product, column, value)
    _put_sizes(session, product, draft.sizes)
    if manager_of is None and draft.sold_at is not None:
        _sell_at(session, product, draft.sold_at)
    after = facts(session, product)
    if before != after:
        note_on_menu(product, business_day(signed.at))
        # Its sizes and sellers are elsewhere: its own version must say that they have changed.
        product.touch_version()
        session.flush()
        record_product_change(session, product, before, after, signed)
    return product


def sellers_fingerprint(session: Session, product_id: int) -> str:
    """Return a text that is another one once a restaurant sells or hides a product, or is new."""
    sellers = set(sellers_of(session, product_id))
    places = session.scalars(select(Restaurant.id))
    return fingerprint({str(id): id in sellers for id in places})


def facts(session: Session, product: Product) -> Facts:
    """Return what the audit trail tells of a product."""
    values = {name: getattr(product, name) for name in ("name", "kind", *TOLD)}
    sizes = sorted(product.sizes, key=lambda size: size.position)
    return _facts(session, values, sizes, sellers_of(session, product.id))


def draft_facts(session: Session, draft: ProductDraft) -> Facts:
    """Return what it would tell of a product as it was written."""
    told = _facts(session, draft.values, draft.sizes, draft.sold_at or ())
    return {name: told[name] for name in told if name != "sellers" or draft.sold_at is not None}


def _facts(
    session: Session,
    values: dict[str, Any],
    sizes: Sequence[ProductSize | SizeDraft],
    sold_at: Collection[int],
) -> dict[str, Any]:
    names = session.execute(select(Restaurant.id, Restaurant.name)).all()
    # As the database gives it back, so that what was only typed anew is no change.
    told = {name: typeset(value) if type(value) is str else value for name, value in values.items()}
    return {
        "product_name": told["name"],
        "shelf": str(told["kind"]),
        **{name: told[name] for name in TOLD},
        "vat_class": str(told["vat_class"]),
        "sizes": [
            [typeset(size.name), typeset(size.name_en), size.factor_percent, size.is_default]
            for size in sizes
            if size.active
        ],
        "sellers": sorted((name for id, name in names if id in sold_at), key=reading_order),
    }


def _sellers_changed(session: Session, product_id: int, draft: ProductDraft) -> bool:
    """Restaurants hide and sell it without a version of their own."""
    if draft.sold_at is None or draft.sellers_seen is None:
        return False
    return draft.sellers_seen != sellers_fingerprint(session, product_id)


def _check_sizes(draft: ProductDraft, known: Collection[int]) -> None:
    named = [size.id for size in draft.sizes if size.id]
    # One that is named twice could leave none on sale, or none of reference.
    if len(set(named)) < len(named) or not set(named) <= set(known):
        raise UnknownSize


def _put_sizes(session: Session, product: Product, drafts: Sequence[SizeDraft]) -> None:
    known = {size.id: size for size in product.sizes}
    default = next((draft for draft in drafts if draft.is_default), None)
    for size in product.sizes:
        if size.is_default and (default is None or default.id != size.id):
            size.is_default = False
    # One is the default at a time, between two statements too.
    session.flush()
    codes = {size.code for size in product.sizes}
    for position, draft in enumerate(drafts):
        if draft.id:
            size = known[draft.id]
        else:
            code = first_free(plain_words(draft.name, CODE_LENGTH) or "taille", codes)
            codes.add(code)
            size = ProductSize(code=code, price_cents=draft.price_cents)
            product.sizes.append(size)
        size.name, size.name_en = draft.name, draft.name_en
        size.factor_percent, size.position = draft.factor_percent, position
        size.active, size.is_default = draft.active, draft.is_default
    session.flush()


def _sell_at(session: Session, product: Product, restaurant_ids: Collection[int]) -> None:
    hidden = select(HiddenProduct).where(HiddenProduct.product_id == product.id)
    known = {row.restaurant_id: row for row in session.scalars(hidden)}
    needed = {link.ingredient_id for link in product.composition}
    for id in session.scalars(select(Restaurant.id)):
        if id in restaurant_ids and id in known:
            session.delete(known[id])
            open_stocks(session, id, needed)
        elif id not in restaurant_ids and id not in known:
            session.add(HiddenProduct(restaurant_id=id, product_id=product.id))
    session.flush()


def _free_slug(session: Session, name: str) -> str:
    slug = plain_words(name, SLUG_LENGTH) or "produit"
    alike = Product.slug.startswith(slug, autoescape=True)
    taken = set(session.scalars(select(Product.slug).where(alike)))
    return first_free(slug, taken | RESERVED)
