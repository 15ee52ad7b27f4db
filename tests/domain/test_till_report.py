"""A till's report: its tables come to the same sum, and no cent of VAT is lost on the way."""

from hypothesis import given
from hypothesis import strategies as st

from ocpizza.domain.money import vat_contained
from ocpizza.domain.till_report import Taken, Taxed, make_report, shares
from ocpizza.models.payment import Means
from ocpizza.models.vat import Mode

RATES = st.sampled_from([550, 1000, 2000])
CENTS = st.integers(0, 20_000)
HELD = st.dictionaries(RATES, st.integers(1, 20_000), min_size=1).map(
    lambda sums: [Taxed(rate, cents, vat_contained(cents, rate)) for rate, cents in sums.items()]
)
TAKEN = st.builds(
    Taken, st.integers(0, 5), st.sampled_from(Mode), st.sampled_from(Means), CENTS, CENTS
)


@given(st.lists(TAKEN), st.lists(HELD, min_size=6, max_size=6))
def test_every_table_comes_to_the_same_sum(taken, held):
    report = make_report(taken, dict(enumerate(held)))
    net = sum(each.received_cents - each.given_back_cents for each in taken)
    assert report.net_cents == net
    assert sum(flow.net_cents for flow in report.modes.values()) == net
    assert sum(each.gross_cents for each in report.vat.values()) == net


@given(st.integers(-20_000, 20_000), HELD)
def test_a_sum_is_shared_by_rate_without_a_cent_too_many(net, held):
    assert sum(each.gross_cents for each in shares(net, held)) == net


@given(st.integers(-20_000, 20_000), st.sets(RATES, min_size=1))
def test_what_is_given_back_of_an_order_that_costs_nothing_by_now_is_somewhere(net, rates):
    free = [Taxed(rate, 0, 0) for rate in sorted(rates)]
    assert sum(each.gross_cents for each in shares(net, free)) == net


@given(HELD)
def test_an_order_that_is_paid_whole_has_the_vat_of_its_receipt(held):
    whole = sum(each.gross_cents for each in held)
    assert shares(whole, held) == held
    back = shares(-whole, held)
    assert [(-x.gross_cents, -x.vat_cents) for x in back] == [
        (x.gross_cents, x.vat_cents) for x in held
    ]
