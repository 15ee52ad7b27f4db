"""The rows under an order's lines add up, whatever it has."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from ocpizza.domain.sums import SumKind, sums
from ocpizza.models.vat import Mode


@dataclass
class Offer:
    subtotal_cents: int
    discount_cents: int
    delivery_fee_cents: int

    @property
    def total_cents(self) -> int:
        return self.subtotal_cents - self.discount_cents + self.delivery_fee_cents


@given(
    st.integers(0, 100_000), st.integers(0, 100_000), st.integers(0, 1000), st.sampled_from(Mode)
)
def test_the_rows_add_up_to_the_total(subtotal, discount, fee, mode):
    fee = fee if mode is Mode.DELIVERY else 0
    *rows, total = sums(Offer(subtotal, min(discount, subtotal), fee), mode)
    assert sum(row.cents for row in rows) == total.cents
    assert total.kind is SumKind.TOTAL
    assert rows[0].kind is SumKind.ARTICLES


def test_a_row_is_there_for_what_there_is():
    kinds = [row.kind for row in sums(Offer(1000, 0, 0), Mode.TAKEAWAY)]
    assert kinds == [SumKind.ARTICLES, SumKind.TOTAL]
    kinds = [row.kind for row in sums(Offer(1000, 100, 0), Mode.DELIVERY)]
    assert kinds == [SumKind.ARTICLES, SumKind.DISCOUNT, SumKind.DELIVERY_FEE, SumKind.TOTAL]
