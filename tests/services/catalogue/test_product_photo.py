"""A product is shown by a photo as long as somebody wants it; old ones go."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clients import all_at_once, succeeded
from factories import NOON, author_of, make_branch, make_pizzeria, make_staff, the_pizzeria
from ocpizza.domain.photo import Photo
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.account import Role
from ocpizza.models.picture import Picture
from ocpizza.models.price import HiddenProduct
from ocpizza.models.staff_change import StaffChange
from ocpizza.services.catalogue.cache import catalogue_token
from ocpizza.services.catalogue.managing import NotManaged
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.catalogue.product_photo import (
    BLOCK,
    KEPT,
    find_photo,
    forget_replaced_photos,
    photo_of,
    remove_photo,
    show_photo,
)
from ocpizza.services.trail.record import Signature

FIRST, SECOND = Photo(b"first", b"small"), Photo(b"second", b"smaller")


@pytest.fixture
def signed(session, pizzeria) -> Signature:
    return Signature(author_of(make_staff(session, Role.MANAGER)), NOON)


def show(session, pizzeria, signed, photo=FIRST, *, slug="margherita", shown="", manager_of=None):
    product = pizzeria.products[slug]
    show_photo(session, product.id, shown, photo, manager_of, signed)
    return product


def on_menu(session, pizzeria, slug="margherita") -> str:
    return read_menu(session, pizzeria.restaurant.id).assortment.by_slug[slug].photo


def changes(session) -> list[tuple]:
    found = session.scalars(select(StaffChange).order_by(StaffChange.id))
    return [(change.name, change.facts_before, change.facts_after) for change in found]


def test_a_photo_is_on_the_menu_at_once_and_the_trail_tells_of_it(session, pizzeria, signed):
    token = catalogue_token(session)
    assert on_menu(session, pizzeria) == ""
    product = show(session, pizzeria, signed)
    assert catalogue_token(session) != token
    assert on_menu(session, pizzeria) == photo_of(product) == FIRST.sha256
    assert find_photo(session, FIRST.sha256, large=True) == b"first"
    assert find_photo(session, FIRST.sha256[:32], large=False) == b"small"
    assert find_photo(session, "0" * 32, large=True) is None
    told = {"photo_at": NOON.isoformat()}
    assert changes(session) == [("Margherita", {"photo_at": None}, told)]
    picture = session.scalars(select(Picture)).one()
    assert picture.author_id == signed.author.account_id
    assert picture.replaced_at is None


def test_the_same_photo_again_changes_nothing(session, pizzeria, signed):
    product = show(session, pizzeria, signed)
    version = product.version
    show(session, pizzeria, signed)
    assert (product.version, len(changes(session))) == (version, 1)


def test_a_photo_is_taken_away_once(session, pizzeria, signed):
    product = show(session, pizzeria, signed)
    for _ in range(2):
        remove_photo(session, product.id, FIRST.sha256, None, signed)
    assert on_menu(session, pizzeria) == ""
    assert len(changes(session)) == 2
    assert session.scalars(select(Picture)).one().replaced_at == NOON


def test_who_has_not_seen_the_last_photo_writes_over_none(session, pizzeria, signed):
    product = show(session, pizzeria, signed)
    with pytest.raises(StaleVersion):
        show(session, pizzeria, signed, SECOND)
    with pytest.raises(StaleVersion):
        remove_photo(session, product.id, SECOND.sha256, None, signed)
    assert on_menu(session, pizzeria) == FIRST.sha256
    assert session.scalars(select(Picture.sha256)).all() == [FIRST.sha256]
    show(session, pizzeria, signed, SECOND, shown=FIRST.sha256)
    assert on_menu(session, pizzeria) == SECOND.sha256


def test_a_restaurants_manager_changes_what_it_alone_sells(session, pizzeria, signed):
    here, branch = pizzeria.restaurant.id, make_branch(session, pizzeria, code="city_002")
    product = pizzeria.products["margherita"]
    with pytest.raises(NotManaged):
        show(session, pizzeria, signed, manager_of=here)
    with pytest.raises(NotManaged):
        remove_photo(session, product.id, "", here, signed)
    session.add(HiddenProduct(restaurant_id=branch.restaurant.id, product_id=product.id))
    session.flush()
    show(session, pizzeria, signed, manager_of=here)
    assert on_menu(session, pizzeria) == FIRST.sha256
    with pytest.raises(NotManaged):
        remove_photo(session, product.id, FIRST.sha256, branch.restaurant.id, signed)


def test_a_photo_goes_once_no_page_can_ask_for_it(session, pizzeria, signed):
    for slug in ("margherita", "regina"):
        show(session, pizzeria, signed, slug=slug)
    show(session, pizzeria, signed, SECOND, shown=FIRST.sha256)
    later = NOON + KEPT + timedelta(seconds=1)
    # Another product shows it.
    assert forget_replaced_photos(session, later) == 0
    remove_photo(session, pizzeria.products["regina"].id, FIRST.sha256, None, signed)
    assert forget_replaced_photos(session, NOON + KEPT) == 0
    assert find_photo(session, FIRST.sha256, large=True) == b"first"
    assert forget_replaced_photos(session, later) == 1
    assert session.scalars(select(Picture.sha256)).all() == [SECOND.sha256]
    assert forget_replaced_photos(session, later) == 0


def test_a_photo_that_comes_back_stays(session, pizzeria, signed):
    product = show(session, pizzeria, signed)
    remove_photo(session, product.id, FIRST.sha256, None, signed)
    show(session, pizzeria, signed)
    assert forget_replaced_photos(session, NOON + 2 * KEPT) == 0
    assert session.scalars(select(Picture)).one().replaced_at is None


def test_many_photos_go_a_block_at_a_time(session, pizzeria, signed):
    known = {"media_type": "image/webp", "content": b"", "uploaded_at": NOON, "replaced_at": NOON}
    session.add_all(Picture(sha256=f"{n:064}", **known) for n in range(BLOCK + 1))
    session.flush()
    gone = [forget_replaced_photos(session, NOON + 2 * KEPT) for _ in range(3)]
    assert gone == [BLOCK, 1, 0]


def test_of_two_managers_at_once_one_is_told_of_the_other(committed_database):
    with Session(committed_database) as session, session.begin():
        product_id = make_pizzeria(session).products["margherita"].id
        author = author_of(make_staff(session, Role.MANAGER))

    def put(number: int, session: Session) -> bytes:
        photo = Photo(b"%d" % number, b"")
        show_photo(session, product_id, "", photo, None, Signature(author, NOON))
        return photo.large

    outcomes = all_at_once(committed_database, [partial(put, number) for number in range(4)])
    (heard,) = succeeded(outcomes, StaleVersion)
    with Session(committed_database) as session:
        assert find_photo(session, on_menu(session, the_pizzeria(session)), large=True) == heard
        assert len(session.scalars(select(Picture)).all()) == 1


def test_the_same_photo_at_once_for_two_products_is_one_row(committed_database):
    with Session(committed_database) as session, session.begin():
        products = make_pizzeria(session).products
        ids = [products[slug].id for slug in ("margherita", "regina")]
        author = author_of(make_staff(session, Role.MANAGER))

    def put(product_id: int, session: Session) -> None:
        show_photo(session, product_id, "", FIRST, None, Signature(author, NOON))

    succeeded(all_at_once(committed_database, [partial(put, id) for id in ids]), ())
    with Session(committed_database) as session:
        here = the_pizzeria(session)
        assert on_menu(session, here) == on_menu(session, here, "regina") == FIRST.sha256
        assert len(session.scalars(select(Picture)).all()) == 1
