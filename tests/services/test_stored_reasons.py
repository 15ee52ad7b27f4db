"""No sentence for people is stored: a reason is a code, put into words for whoever reads it."""

import ast
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Enum, String, select, text
from sqlalchemy.orm import Session

import ocpizza
from databases import MIGRATIONS
from documents.pdfs import text_of
from factories import NOON, make_pizzeria, order_of
from ocpizza.db import Base
from ocpizza.documents.summary import order_summary
from ocpizza.documents.words import words_in
from ocpizza.labels import LABELS
from ocpizza.mail.write import write_mail
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.order_status import EndingReason
from ocpizza.models.payment import Means, Payment, PaymentState, Refund, RefundReason, RefundState
from ocpizza.operations.migrate import _config
from ocpizza.services.order.cancel import Ending, cancel_order
from views.pages import words

SOURCE = Path(ocpizza.__file__).parent
REASONS = [*EndingReason, *RefundReason]
SENTENCES = (
    [
        ("Le paiement n’a pas été fait à temps.",),
        ("Nous n’avons pas pu vous joindre pour confirmer cette commande.",),
        ("Le four est en panne",),
        (None,),
    ],
    [("Froide",), ("Commande annulée",), ("Stripe",)],
)
NEW = ("ending_reason, ending_note", "reason, note")


@pytest.mark.parametrize("layer", ["domain", "models", "services"])
def test_nothing_that_stores_makes_text_for_people(layer):
    for path in (SOURCE / layer).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if isinstance(node, ast.Import):
                modules = [one.name for one in node.names]
            made = [m for m in modules if m.startswith(("ocpizza.i18n", "ocpizza.labels"))]
            assert not made, path


def test_every_reason_of_the_database_is_one_of_a_list():
    found = {
        f"{table.name}.{column.name}": column.type
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("reason") and isinstance(column.type, String)
    }
    assert {"orders.ending_reason", "refund.reason", "stock_movement.reason"} <= found.keys()
    assert [name for name, kind in found.items() if not isinstance(kind, Enum)] == []


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_words_in_both_languages(reason):
    french, english = (words_in(language).label(reason) for language in ("fr", "en"))
    assert french
    assert english
    assert french != english
    # Enums of text with the same value would be one key.
    assert [key for key in LABELS if key == reason] == [reason]
    assert next(type(key) for key in LABELS if key == reason) is type(reason)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("reason", EndingReason)
def test_whoever_reads_why_an_order_ended_reads_it_in_their_language(
    session, pizzeria, settings, reason, language
):
    order = order_of(session, pizzeria, email="julia@example.org")
    order.language = language
    cancel_order(session, order.id, None, NOON, Ending(reason, "Le four est en panne."))
    session.flush()
    newest = select(OutgoingMail).order_by(OutgoingMail.id.desc()).limit(1)
    message = write_mail(session, session.scalars(newest).one(), settings)
    document = order_summary(session, order.id, "https://www.ocpizza.fr").content
    plain, html = (message.get_body(kind).get_content() for kind in ("plain", "html"))
    for text_read in (plain, html, text_of(document)):
        for said in (words_in(language).label(reason), "Le four est en panne."):
            assert words(said) in words(text_read)


def test_rows_that_kept_sentences_are_converted_and_back(committed_database):
    with Session(committed_database) as session, session.begin():
        _fill(session)
    now = _rows(committed_database, *NEW)
    for where, expected in (("0019", SENTENCES), ("head", now)):
        with committed_database.begin() as connection:
            config = _config(connection, MIGRATIONS)
            move = command.downgrade if where == "0019" else command.upgrade
            move(config, where)
        columns = ("ending_reason", "reason") if where == "0019" else NEW
        assert _rows(committed_database, *columns) == expected


def _fill(session) -> None:
    """Orders cancelled and money given back for every reason there is, and as staff say."""
    pizzeria = make_pizzeria(session)
    why = [*((reason, "") for reason in EndingReason), (None, "Le four est en panne"), (None, "")]
    orders = [order_of(session, pizzeria) for _ in why]
    for order, (reason, note) in zip(orders, why, strict=True):
        cancel_order(session, order.id, None, NOON, Ending(reason, note))
    payment = Payment(
        order_id=orders[0].id,
        means=Means.ONLINE_CARD,
        state=PaymentState.CREATED,
        amount_cents=1200,
        created_at=NOON,
    )
    # Sentences were kept of those that there were then.
    for reason in (r for r in RefundReason if r is not RefundReason.OF_CHANGED_ORDER):
        note = "Froide" if reason is RefundReason.DECIDED else ""
        values = {"state": RefundState.DONE, "amount_cents": 1, "requested_at": NOON}
        payment.refunds.append(Refund(reason=reason, note=note, **values))
    session.add(payment)


def _rows(engine, of_orders: str, of_refunds: str) -> tuple[list, list]:
    with engine.connect() as connection:
        return tuple(
            [tuple(row) for row in connection.execute(text(f"SELECT {what} ORDER BY id"))]
            for what in (f"{of_orders} FROM orders", f"{of_refunds} FROM refund")
        )
