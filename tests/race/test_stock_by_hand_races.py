"""UC6.2: people who say something of the same stock at the same moment, while it is sold."""

from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clients import all_at_once, succeeded
from factories import NOON, make_pizzeria, make_staff, order_of, the_pizzeria
from ocpizza.domain.checkout import OutOfStock
from ocpizza.models.account import Role
from ocpizza.models.stock import Reason, Stock, StockMovement
from ocpizza.services.stock.change import (
    ChangedMeanwhile,
    OutOfBounds,
    StockChange,
    change_stock,
)
from ocpizza.services.stock.count import (
    Counted,
    CountedMeanwhile,
    begin_count,
    count_stock,
    find_open,
    lines_of,
)
from ocpizza.services.stock.movements import list_movements
from ocpizza.services.stock.receive import Received, receive
from ocpizza.services.stock.record_count import record_count
from ocpizza.services.stock.sold_out import sell_out, undo_sell_out


def settle(engine, managers: int, **stock: int):
    """Managers, and what they see of the ham."""
    with Session(engine) as session, session.begin():
        pizzeria = make_pizzeria(session, stock=stock)
        key = pizzeria.restaurant.id, pizzeria.ingredients["jambon"].id
        staff = [make_staff(session, Role.MANAGER, pizzeria.restaurant).id for _ in range(managers)]
        return key, staff, list_movements(session, session.get_one(Stock, key)).last.id


def change(key, said: StockChange, author_id: int, session: Session) -> int:
    return change_stock(session, session.get_one(Stock, key), said, author_id, NOON)


def movements(session: Session, key, reason: Reason) -> int:
    mine = StockMovement.ingredient_id == key[1], StockMovement.reason == reason
    return session.scalars(select(func.count(StockMovement.id)).where(*mine)).one()


def test_a_delivery_sent_eight_times_at_once_came_once(committed_database, add_up):
    key, (manager,), seen = settle(committed_database, 1)
    said = StockChange(Reason.SUPPLY, 500, "", seen)
    assert (
        all_at_once(committed_database, [partial(change, key, said, manager)] * 8) == [100_500] * 8
    )
    with Session(committed_database) as session:
        assert movements(session, key, Reason.SUPPLY) == 1
    add_up(committed_database)


def test_a_whole_delivery_sent_eight_times_at_once_came_once(committed_database, add_up):
    key, (manager,), seen = settle(committed_database, 1)
    came = Received({key[1]: 500}, "Bon 12", seen)

    def take_in(session: Session) -> None:
        receive(session, key[0], came, manager, NOON)

    assert all_at_once(committed_database, [take_in] * 8) == [None] * 8
    with Session(committed_database) as session:
        assert movements(session, key, Reason.SUPPLY) == 1
    add_up(committed_database)


def test_of_managers_who_count_the_same_shelf_at_once_one_is_heard(committed_database, add_up):
    key, managers, seen = settle(committed_database, 6)
    said = StockChange(Reason.CORRECTION, 90_000, "", seen)
    actions = [partial(change, key, said, manager) for manager in managers]
    assert succeeded(all_at_once(committed_database, actions), ChangedMeanwhile) == [90_000]
    with Session(committed_database) as session:
        assert movements(session, key, Reason.CORRECTION) == 1
    add_up(committed_database)


def test_waste_and_orders_at_once_never_take_more_than_there_is(committed_database, add_up):
    key, managers, seen = settle(committed_database, 1, jambon=300)
    said = StockChange(Reason.WASTE, 200, "", seen)

    def order(session: Session) -> str:
        pizzeria = the_pizzeria(session)
        return order_of(session, pizzeria, [(pizzeria.select("regina"), 1)]).number

    waste = partial(change, key, said, managers[0])
    outcomes = all_at_once(committed_database, [order] * 4 + [waste] + [order] * 4)
    succeeded(outcomes, (OutOfStock, OutOfBounds))
    with Session(committed_database) as session:
        thrown = movements(session, key, Reason.WASTE)
        sold = movements(session, key, Reason.ORDER)
        left = session.get_one(Stock, key).quantity
        assert left == 300 - 200 * thrown - 60 * sold
        assert left >= 0
    add_up(committed_database)


def test_two_cooks_who_undo_at_once_give_back_once(committed_database, add_up):
    key, (cook, other), _ = settle(committed_database, 2)
    with Session(committed_database) as session, session.begin():
        stock = session.get_one(Stock, key)
        sell_out(session, stock, cook, NOON)
        taken = list_movements(session, stock).last.id

    def undo(author_id: int, session: Session) -> int:
        return undo_sell_out(session, session.get_one(Stock, key), taken, author_id, NOON)

    actions = [partial(undo, who) for who in (cook, other) * 3]
    assert all_at_once(committed_database, actions) == [100_000] * 6
    with Session(committed_database) as session:
        assert movements(session, key, Reason.SOLD_OUT_UNDONE) == 1
    add_up(committed_database)


def test_orders_and_the_last_of_it_at_once_end_at_zero_and_add_up(committed_database, add_up):
    key, (cook,), _ = settle(committed_database, 1, jambon=600)

    def order(session: Session) -> str:
        pizzeria = the_pizzeria(session)
        return order_of(session, pizzeria, [(pizzeria.select("regina"), 1)]).number

    def no_more(session: Session) -> int:
        return sell_out(session, session.get_one(Stock, key), cook, NOON)

    outcomes = all_at_once(committed_database, [order] * 4 + [no_more] + [order] * 4)
    succeeded(outcomes, OutOfStock)
    with Session(committed_database) as session:
        assert session.get_one(Stock, key).quantity == 0
        taken = 600 - 60 * movements(session, key, Reason.ORDER)
        assert outcomes[4] == taken
    add_up(committed_database)


def test_a_count_recorded_by_six_at_once_while_it_is_sold_moves_once(committed_database, add_up):
    key, managers, _ = settle(committed_database, 6, jambon=1000)
    with Session(committed_database) as session, session.begin():
        count = begin_count(session, key[0], managers[0], NOON)
        count_stock(session, session.get_one(Stock, key), Counted(700, None), managers[0], NOON)
        count_id, version = count.id, count.version

    def order(session: Session) -> str:
        pizzeria = the_pizzeria(session)
        return order_of(session, pizzeria, [(pizzeria.select("regina"), 1)]).number

    def record(author_id: int, session: Session) -> int:
        return record_count(session, count_id, key[0], version, author_id, NOON)

    recorded = [partial(record, who) for who in managers]
    outcomes = all_at_once(committed_database, recorded + [order] * 6)
    assert sorted(outcomes[:6]) == [0, 0, 0, 0, 0, 1]
    with Session(committed_database) as session:
        assert movements(session, key, Reason.COUNT) == 1
        assert session.get_one(Stock, key).quantity == 700 - 6 * 60
    add_up(committed_database)


def test_managers_who_begin_at_once_count_together(committed_database):
    key, managers, _ = settle(committed_database, 6)

    def begin(author_id: int, session: Session) -> int:
        return begin_count(session, key[0], author_id, NOON).id

    begun = all_at_once(committed_database, [partial(begin, who) for who in managers])
    assert len(set(begun)) == 1


def test_a_shelf_counted_by_six_at_once_is_one_persons_count(committed_database, add_up):
    key, managers, _ = settle(committed_database, 6)
    with Session(committed_database) as session, session.begin():
        begin_count(session, key[0], managers[0], NOON)

    def count(author_id: int, session: Session) -> int:
        said = Counted(90_000 + author_id, None)
        count_stock(session, session.get_one(Stock, key), said, author_id, NOON)
        return author_id

    outcomes = all_at_once(committed_database, [partial(count, who) for who in managers])
    (heard,) = succeeded(outcomes, CountedMeanwhile)
    with Session(committed_database) as session:
        (line,) = lines_of(session, find_open(session, key[0])).values()
        assert (line.counted, line.author_id) == (90_000 + heard, heard)
    add_up(committed_database)
