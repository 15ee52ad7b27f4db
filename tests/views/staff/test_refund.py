"""A manager gives money back from the order's page; B32: the sum handed over and the change."""

import pytest

from ocpizza.models.order_status import Status
from ocpizza.models.payment import Payment, PaymentStatus, Refund, RefundReason, RefundState
from views.pages import form_of, notices, place, soup, words
from views.website import HERE


@pytest.fixture
def order(website):
    return website.order(Status.OUT_FOR_DELIVERY)


def hand_over(website, order, **fields: str):
    path = f"/equipe/{HERE}/commandes/{order.number}/statut"
    step = {"before": "out_for_delivery", "after": "delivered", "means": "cash"}
    return website.staff("manager").post_form(path, step | fields)


def refund_path(order) -> str:
    return f"/equipe/{HERE}/commandes/{order.number}/remboursement"


def give_back(website, order, **fields: str):
    form = website.staff("manager").form(refund_path(order), refund_path(order))
    for name, value in fields.items():
        form[name] = value
    return form.submit(expect_errors=True)


def test_the_change_is_said_and_kept(website, order, add_up):
    answer = hand_over(website, order, tendered="20")
    assert "À rendre : 8,00 €." in [words(text) for text in notices(answer.follow())]
    with website.session() as session:
        payment = session.query(Payment).one()
    assert (payment.captured_cents, payment.tendered_cents) == (1200, 2000)
    add_up(website.engine)


def test_too_little_is_refused_and_the_order_not_handed_over(website, order):
    answer = hand_over(website, order, tendered="10,5")
    (text,) = notices(answer.follow())
    assert words(text) == "10,50 € ne suffisent pas, il manque 1,50 €."
    assert website.look_at(order).status is Status.OUT_FOR_DELIVERY


def test_who_was_shown_another_sum_is_told_and_hands_nothing_over(website, order):
    page = f"/equipe/{HERE}/commandes/{order.number}"
    assert website.staff("manager").form(page, f"{page}/statut")["due"].value == "1200"
    (text,) = notices(hand_over(website, order, due="0").follow())
    assert words(text) == "Le montant à encaisser a changé : 12,00 € maintenant."
    assert website.look_at(order).status is Status.OUT_FOR_DELIVERY


@pytest.mark.parametrize("typed", ["", "12", "12,00 €"])
def test_the_right_sum_needs_no_change(website, order, typed):
    assert len(notices(hand_over(website, order, tendered=typed).follow())) == 1
    assert website.look_at(order).payment_status is PaymentStatus.PAID


@pytest.mark.parametrize("typed", ["-1", "douze", "1e3", "12,345", "١٢x", "999999"])
def test_what_is_no_sum_is_said_and_hands_nothing_over(website, order, typed):
    answer = hand_over(website, order, tendered=typed)
    assert [words(text) for text in notices(answer.follow())] == ["Indiquez une somme comme 3,50."]
    assert website.look_at(order).status is Status.OUT_FOR_DELIVERY


def test_money_is_given_back_in_part_then_whole(website, order, add_up):
    hand_over(website, order)
    page = website.staff("manager").get(f"/equipe/{HERE}/commandes/{order.number}")
    assert soup(page).find("a", href=refund_path(order))
    answer = give_back(website, order, amount="2,50", reason="Boisson oubliée")
    assert "Remboursement de 2,50 € enregistré." in [words(t) for t in notices(answer.follow())]
    assert website.look_at(order).payment_status is PaymentStatus.PARTLY_REFUNDED
    give_back(website, order, reason="Pizza froide")
    assert website.look_at(order).payment_status is PaymentStatus.REFUNDED
    with website.session() as session:
        refunds = session.query(Refund).order_by(Refund.id).all()
    assert [(r.amount_cents, r.note, r.state) for r in refunds] == [
        (250, "Boisson oubliée", RefundState.DONE),
        (950, "Pizza froide", RefundState.DONE),
    ]
    assert {r.reason for r in refunds} == {RefundReason.DECIDED}
    assert place(website.staff("manager").get(refund_path(order))).endswith(order.number)
    add_up(website.engine)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"amount": "12,01", "reason": "x"}, "On peut rendre entre 0,01 € et 12,00 €."),
        ({"amount": "0", "reason": "x"}, "On peut rendre entre 0,01 € et 12,00 €."),
        ({"amount": "", "reason": "x"}, "Indiquez un montant."),
        ({"amount": "trois", "reason": "x"}, "Indiquez une somme comme 3,50."),
        ({"amount": "3", "reason": " "}, "Indiquez le motif du remboursement."),
    ],
)
def test_a_refund_needs_a_sum_that_is_left_and_a_reason(website, order, fields, said):
    hand_over(website, order)
    answer = give_back(website, order, **fields)
    assert answer.status_int == 422
    assert said in words(answer)
    form = form_of(answer, refund_path(order))
    assert form["amount"].value == fields["amount"]


def test_a_part_sent_twice_is_given_back_once_and_nothing_typed_is_lost(website, order, add_up):
    hand_over(website, order)
    form = website.staff("manager").form(refund_path(order), refund_path(order))
    form["amount"], form["reason"] = "2,50", "Boisson oubliée"
    assert form.submit().status_int == 303
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 422
    assert "Un remboursement de cette commande vient d’être enregistré." in words(answer)
    with website.session() as session:
        assert [refund.amount_cents for refund in session.query(Refund)] == [250]
    again = form_of(answer, refund_path(order))
    assert (again["amount"].value, again["reason"].value) == ("2,50", "Boisson oubliée")
    # Meant as it stands now, it is one more.
    assert again.submit().status_int == 303
    with website.session() as session:
        assert [refund.amount_cents for refund in session.query(Refund)] == [250, 250]
    add_up(website.engine)


def test_nobody_gives_back_the_money_of_another_order(website, order):
    hand_over(website, order)
    other = website.order(Status.OUT_FOR_DELIVERY)
    hand_over(website, other)
    with website.session() as session:
        theirs = session.query(Payment).filter_by(order_id=other.id).one().id
    form = website.staff("manager").form(refund_path(order), refund_path(order))
    form["payment"].force_value(str(theirs))
    form["reason"] = "x"
    assert form.submit(expect_errors=True).status_int == 422
    assert website.look_at(other).payment_status is PaymentStatus.PAID


def test_each_refund_is_in_the_trail_with_what_was_given_back_before(website, order):
    hand_over(website, order)
    give_back(website, order, amount="2", reason="froide, dit Mme Martin")
    give_back(website, order, amount="3,50", reason="en retard")
    give_back(website, order, amount="99", reason="tout")
    page = website.staff("manager").get(f"/equipe/{HERE}/journal?quoi=order")
    told = [words(card.get_text(" ")) for card in soup(page).select(".trail > li")]
    assert len(told) == 2
    assert f"Commandes · {order.number}" in told[0]
    assert "Remboursé avant : 2,00 € après : 5,50 €" in told[0]
    assert "Remboursé avant : 0,00 € après : 2,00 €" in told[1]
    # Why is with the order, and goes with its customer.
    assert "Martin" not in told[1]
