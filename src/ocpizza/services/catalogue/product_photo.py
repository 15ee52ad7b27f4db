"""The photo of a product: shown instead of its drawing, replaced, taken away."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ocpizza.domain.author import account_of
from ocpizza.domain.photo import Photo
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.picture import Picture
from ocpizza.models.product import Product
from ocpizza.services.catalogue.managing import NotManaged, may_change, whole_product
from ocpizza.services.catalogue.recipe import record_product_change
from ocpizza.services.locks import lock_catalogue
from ocpizza.services.trail.record import Facts, Signature

WEBP = "image/webp"
# A page that was drawn before asks for the photo that it was drawn with.
KEPT = timedelta(days=1)
BLOCK = 100


def show_photo(
    session: Session,
    product_id: int,
    shown: str,
    photo: Photo,
    manager_of: int | None,
    signed: Signature,
) -> None:
    """Show a product by this photo instead of the one that was `shown` (its digest, or nothing).

    Raises NotManaged and StaleVersion.
    """
    _put(session, product_id, shown, photo, manager_of, signed)


def remove_photo(
    session: Session, product_id: int, shown: str, manager_of: int | None, signed: Signature
) -> None:
    """Have a product drawn again. Raises NotManaged and StaleVersion."""
    _put(session, product_id, shown, None, manager_of, signed)


def photo_of(product: Product) -> str:
    """Return the digest of a product's photo, or nothing."""
    return product.picture.sha256 if product.picture else ""


def find_photo(session: Session, digest: str, *, large: bool) -> bytes | None:
    """Return the square of a photo that a digest, or the beginning of one, names."""
    # The digits of digests come before any letter after f, in every language.
    named = Picture.sha256.between(digest, f"{digest}g")
    return session.scalar(select(Picture.content if large else Picture.small).where(named))


def forget_replaced_photos(session: Session, now: datetime) -> int:
    """Delete photos that no product has shown for a while; return how many."""
    query = select(Picture.id).where(Picture.replaced_at < now - KEPT)
    if not session.scalars(query.limit(1)).all():
        return 0
    lock_catalogue(session)
    unused = ~exists().where(Product.picture_id == Picture.id)
    gone = session.scalars(select(Picture).where(Picture.id.in_(query), unused).limit(BLOCK)).all()
    for picture in gone:
        session.delete(picture)
    session.flush()
    return len(gone)


def _put(
    session: Session,
    product_id: int,
    shown: str,
    new: Photo | None,
    manager_of: int | None,
    signed: Signature,
) -> None:
    lock_catalogue(session)
    product = whole_product(session, product_id)
    if not may_change(session, product_id, manager_of):
        raise NotManaged
    old, digest = product.picture, new.sha256 if new else ""
    if digest == photo_of(product):
        return
    if photo_of(product) != shown:
        raise StaleVersion
    picture = _kept(session, new, signed) if new else None
    before = _facts(old)
    product.picture = picture
    session.flush()
    if old and not session.scalar(select(exists().where(Product.picture_id == old.id))):
        old.replaced_at = signed.at
    if picture:
        picture.replaced_at = None
    session.flush()
    record_product_change(session, product, before, _facts(picture), signed)


def _kept(session: Session, photo: Photo, signed: Signature) -> Picture:
    """Return the row of a photo: the same photo is one row, whoever uploads it."""
    known = session.scalars(select(Picture).where(Picture.sha256 == photo.sha256)).one_or_none()
    if known:
        return known
    picture = Picture(
        sha256=photo.sha256,
        media_type=WEBP,
        content=photo.large,
        small=photo.small,
        uploaded_at=signed.at,
        author_id=account_of(signed.author),
        # Until a product shows it.
        replaced_at=signed.at,
    )
    session.add(picture)
    session.flush()
    return picture


def _facts(picture: Picture | None) -> Facts:
    return {"photo_at": picture.uploaded_at if picture else None}
