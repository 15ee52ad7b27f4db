"""Charts: what is twice as much is twice as long."""

from datetime import date

from ocpizza.views.chart import COLUMNS_HEIGHT, WIDTH, bars, columns


def test_the_highest_value_is_as_wide_as_the_chart_and_the_others_in_proportion():
    chart = bars([("Ici", 200, 100), ("Là", 50, None)])
    widths = [(pair.now.width, pair.before.width) for pair in chart.pairs]
    assert widths == [(WIDTH, WIDTH / 2), (WIDTH / 4, 0)]
    assert [pair.label for pair in chart.pairs] == ["Ici", "Là"]
    assert chart.highest == 200
    for pair in chart.pairs:
        assert pair.now.y + pair.now.height <= pair.before.y
        assert pair.before.y + pair.before.height <= chart.row


def test_days_stand_side_by_side_on_one_line():
    chart = columns([(date(2026, 3, 1), 100), (date(2026, 3, 2), 25)])
    first, second = (bar for _, bar in chart.columns)
    assert (first.height, second.height) == (COLUMNS_HEIGHT, COLUMNS_HEIGHT / 4)
    assert first.y + first.height == second.y + second.height == COLUMNS_HEIGHT
    assert first.x + first.width <= second.x
    assert second.x + second.width <= WIDTH


def test_nothing_is_no_chart():
    assert bars([]) is None
    assert bars([("Ici", 0, None)]) is None
    assert columns([]) is None
    assert columns([(date(2026, 3, 1), 0)]) is None
