from factories import order_of, make_pizzeria
from databases import counted_statements
from ocpizza.models.order_status import Status
from sqlalchemy.orm import Session
from sqlalchemy import text

def test_x(session, pizzeria, add_up):
    order_of(session, pizzeria, status=Status.DELIVERED)
    add_up(session)
def test_y(committed_database, add_up):
    with Session(committed_database) as s, s.begin():
        order_of(s, make_pizzeria(s))
    add_up(committed_database)
def test_demo(demo_database, add_up):
    add_up(demo_database)
def test_app(settings, backend):
    assert settings["database.url"]
def test_app2(app):
    app.post("/fr/x", status="*")
def test_empty(empty_database):
    pass
