"""An age is said in the unit that tells most."""

from datetime import timedelta

import pytest

from ocpizza.operations.backup.age import told


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ({"seconds": -5}, "0 min"),
        ({"seconds": 59}, "0 min"),
        ({"minutes": 26, "seconds": 59}, "26 min"),
        ({"minutes": 60}, "1 h"),
        ({"hours": 47, "minutes": 59}, "47 h"),
        ({"hours": 48}, "2 days"),
        ({"days": 36}, "36 days"),
    ],
)
def test_an_age_is_told_in_the_unit_that_tells_most(span, said):
    assert told(timedelta(**span)) == said
