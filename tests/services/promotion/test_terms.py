"""What promotions ask of a customer is read of them alone, and a code names one promotion."""

from factories import NOON, author_of, make_account, make_promotion, order_of
from ocpizza.services.promotion.terms import read_customer, terms_of_code


def test_a_code_is_that_of_one_promotion(session):
    made = [make_promotion(session, code) for code in ("DIX", "ONZE")]
    assert [terms_of_code(session, one.code).id for one in made] == [one.id for one in made]
    assert terms_of_code(session, "DOUZE") is None


def test_what_others_have_ordered_and_used_is_theirs(session, pizzeria):
    julia, marc = (
        make_account(session, email=email, email_verified_at=NOON)
        for email in ("julia@example.org", "marc@example.org")
    )
    promotion = make_promotion(session)
    order_of(session, pizzeria, author=author_of(julia), promotion=promotion)
    session.flush()
    of_julia, of_marc = (read_customer(session, one.id) for one in (julia, marc))
    assert (of_julia.has_ordered, of_julia.used(promotion.id)) == (True, 1)
    assert (of_marc.has_ordered, of_marc.used(promotion.id)) == (False, 0)
