"""Whatever a manager sends as a promotion: a message at its field, never a crash."""

import pytest

from factories import make_promotion
from forms.test_bad_input import VALUES, check
from views.website import HERE

NEW = f"/equipe/{HERE}/promotions/nouvelle"
GOOD = {
    "code": "DIX",
    "name": "Dix",
    "kind": "percentage",
    "percent": "10",
    "amount_cents": "3,50",
    "product_size_id": "0",
    "minimum_cents": "12",
    "starts_at": "2026-03-01T08:00",
    "ends_at": "2026-07-01T23:30",
    "weekdays": "1",
    "from_minute": "11:30",
    "to_minute": "14:30",
    "restaurants": "1",
    "first_order_only": "y",
    "per_customer_limit": "1",
    "total_limit": "10",
    "version": "1",
}


@pytest.mark.parametrize("field", GOOD)
def test_a_field_of_a_promotion_may_hold_anything(website, field):
    manager = website.staff("direction")
    with website.session() as session:
        id = make_promotion(session, "VINGT").id
    for value in VALUES:
        for path in (NEW, f"/equipe/{HERE}/promotions/{id}"):
            check(manager.post_form(path, GOOD | {field: value}), (field, value[:40]))
    missing = {name: each for name, each in GOOD.items() if name != field}
    check(manager.post_form(NEW, missing), (field, "missing"))


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "\x00", "١"])
def test_a_version_that_is_none_switches_nothing(website, version):
    with website.session() as session:
        id = make_promotion(session).id
    path = f"/equipe/{HERE}/promotions/{id}/activite"
    check(website.staff("direction").post_form(path, {"version": version}), version)
