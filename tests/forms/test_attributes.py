"""What fields are drawn with is written as WTForms does."""

from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup
from wtforms.widgets import html_params

from ocpizza.forms.base import attributes

NAMES = st.sampled_from(["class_", "id", "name", "data_live", "aria_describedby", "value", "for_"])
VALUES = st.booleans() | st.text() | st.integers() | st.text().map(Markup) | st.none()


@given(st.dictionaries(NAMES, VALUES))
@example({"value": Markup('<"&>'), "required": True, "min": False})
def test_attributes_are_written_as_wtforms_writes_them(told):
    assert attributes(**told) == html_params(**told)
