"""controller.ini: what it may say, and one clear line for whatever it may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ocpizza.operations.update.controller import Component, read_controller
from ocpizza.operations.update.errors import UpdateError

# As the customer wrote it, the slip in a name with it.
CUSTOMERS = """\
# light_components
pizza_tokyo.png = OC_PIZZA.city_002.static.png
soda_framboise.jpg = OC_PIZZA.city_003.static.jpg
# heavy_components
historic_2.6.hmtl = OC_PIZZA.city_001.templates.city_001.historic.html
historic_2.6.py = OC_PIZZA.city_001.historic.py
models_2.6.py = OC_PIZZA.city_001.models.py
"""
TARGETS = {
    "pizza_tokyo.png": "city_002/static/pizza_tokyo.png",
    "soda_framboise.jpg": "city_003/static/soda_framboise.jpg",
    "historic_2.6.hmtl": "city_001/templates/city_001/historic.html",
    "historic_2.6.py": "city_001/historic.py",
    "models_2.6.py": "city_001/models.py",
}


def read(text: str) -> list[Component]:
    return read_controller(text.encode())


def targets(text: str) -> dict[str, str]:
    return {each.source: str(each.target) for each in read(text)}


def light(line: str) -> str:
    return f"# light_components\n{line}\n"


def heavy(line: str) -> str:
    return f"# heavy_components\n{line}\n"


def test_the_customers_own_file_goes_through_its_slip_with_a_warning():
    assert targets(CUSTOMERS) == TARGETS
    warnings = [each.warning for each in read(CUSTOMERS) if each.warning]
    assert warnings == [
        "historic_2.6.hmtl becomes city_001/templates/city_001/historic.html, "
        "as controller.ini says: its content decides"
    ]


@pytest.mark.parametrize(
    "heading", ["[{}]", "#{}", "# {}:", ";  {} ", "## {}", "[ {} ]"], ids=lambda text: text
)
def test_headings_are_comments_or_sections(heading):
    text = CUSTOMERS
    for name in ("light_components", "heavy_components"):
        text = text.replace(f"# {name}", heading.format(name))
    assert targets(text) == TARGETS


def test_other_comments_empty_lines_spaces_and_windows_ends_of_line_mean_nothing():
    text = "; by Jean\n\n# a comment\n" + CUSTOMERS.replace(" = ", "=").replace("\n", "  \r\n")
    assert targets(text) == TARGETS


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("logo.ico = OC_PIZZA.common.static.ico", "common/static/logo.ico"),
        ("a.JPEG = OC_PIZZA.city_001.static.menu.jpg", "city_001/static/menu/a.jpg"),
        ("v1.2-b.gif = OC_PIZZA.city_001.static.gif", "city_001/static/v1.2-b.gif"),
        ("card.pdf = OC_PIZZA.common.static.pdf", "common/static/card.pdf"),
    ],
)
def test_a_light_component_keeps_its_name(line, target):
    (found,) = read(light(line))
    assert (str(found.target), found.warning) == (target, None)


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("x.html = OC_PIZZA.common.templates.layout.html", "common/templates/layout.html"),
        ("x.css = OC_PIZZA.common.static.app.css", "common/static/app.css"),
        ("x.js = OC_PIZZA.city_001.static.js.menu.js", "city_001/static/js/menu.js"),
        ("x.json = OC_PIZZA.city_001.static.menu.json", "city_001/static/menu.json"),
        ("x.json = OC_PIZZA.city_001.hours.json", "city_001/hours.json"),
        ("x.ini = OC_PIZZA.city_001.hours.ini", "city_001/hours.ini"),
        ("x.psql = OC_PIZZA.common.prices.psql", "common/prices.psql"),
        ("x.py = OC_PIZZA.common.pages.historic.py", "common/pages/historic.py"),
    ],
)
def test_a_heavy_component_is_named_by_its_address(line, target):
    assert str(read(heavy(line))[0].target) == target


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "controller.ini lists no component"),
        (light(""), "controller.ini lists no component"),
        ("a.png = OC_PIZZA.common.static.png", "line 1: a.png stands before « # light_comp"),
        ("[pictures]\na.png = OC_PIZZA.common.static.png", "line 1: [pictures] is neither"),
        (light("a.png"), "line 2: expected « file = OC_PIZZA"),
        (light("a.png ="), "line 2: expected"),
        (light("= OC_PIZZA.common.static.png"), "line 2: expected"),
        (light("a.png = common.static.png"), "does not begin with OC_PIZZA."),
        (light("a.png = OC_PIZZA"), "does not begin with OC_PIZZA.restaurant."),
        (light("a.png = OC_PIZZA.png"), "does not begin with OC_PIZZA.restaurant."),
        (light("a.png = OC_PIZZA.common.png"), "belongs in OC_PIZZA.common.static"),
        (light("a.png = OC_PIZZA.common.templates.png"), ".png belongs in OC_PIZZA.common.static"),
        (light("a.svg = OC_PIZZA.common.static.svg"), "ends in .svg; light_components are .ico"),
        (light("a.png = OC_PIZZA.common.static.webp"), "ends in .webp"),
        (light("a.py = OC_PIZZA.common.a.py"), "ends in .py; light_components are"),
        (heavy("a.png = OC_PIZZA.common.static.png"), "ends in .png; heavy_components are .py"),
        (heavy("a.sh = OC_PIZZA.common.a.sh"), "ends in .sh"),
        (heavy("a.html = OC_PIZZA.common.static.a.html"), "belongs in OC_PIZZA.common.templates"),
        (heavy("a.py = OC_PIZZA.common.static.a.py"), ".py belongs in OC_PIZZA.common"),
        (heavy("a.py = OC_PIZZA.common.templates.a.py"), ".py belongs in OC_PIZZA.common"),
        (heavy("a.psql = OC_PIZZA.common.static.a.psql"), ".psql belongs in OC_PIZZA.common"),
        (heavy("a.ini = OC_PIZZA.common.static.a.ini"), ".ini belongs in OC_PIZZA.common"),
        (heavy("a.css = OC_PIZZA.common.a.css"), ".css belongs in OC_PIZZA.common.static"),
        (heavy("a.py = OC_PIZZA.py"), "does not begin with OC_PIZZA.restaurant."),
        (heavy("a.py = OC_PIZZA.city_001.py"), "names no restaurant, or no file"),
        (heavy("a.py = OC_PIZZA.common.class.py"), "'class' cannot be the name of a Python module"),
        (heavy("a.py = OC_PIZZA.common.2a.py"), "'2a' cannot be the name"),
        (heavy("a.py = OC_PIZZA.common.a-b.py"), "'a-b' cannot be the name"),
        (heavy("a.py = OC_PIZZA.common.__init__.py"), "'__init__' cannot be the name"),
        (light("../a.png = OC_PIZZA.common.static.png"), "is not the name of a file beside"),
        (light("/etc/a.png = OC_PIZZA.common.static.png"), "is not the name of a file beside"),
        (light("..\\a.png = OC_PIZZA.common.static.png"), "is not the name of a file beside"),
        (light(".. = OC_PIZZA.common.static.png"), "is not the name of a file beside"),
        (light("controller.ini = OC_PIZZA.common.static.png"), "is not the name of a file beside"),
        (light(".png = OC_PIZZA.common.static.png"), "keeps its name: letters, digits"),
        (light("a b.png = OC_PIZZA.common.static.png"), "keeps its name: letters, digits"),
        (light("pâte.png = OC_PIZZA.common.static.png"), "keeps its name: letters, digits"),
        (light("a.png = OC_PIZZA...static.png"), "has '': letters, digits"),
        (light("a.png = OC_PIZZA.common.static/../...png"), "has 'static/': letters"),
        (light("a.png = OC_PIZZA./etc.static.png"), "has '/etc': letters"),
        (heavy("a.html = OC_PIZZA.common.templates...html"), "has '': letters"),
        (
            light("a.png = OC_PIZZA.common.static.png\nA.png = OC_PIZZA.common.static.png"),
            "line 3: common/static/A.png is the target of line 2",
        ),
        (
            light("a.png = OC_PIZZA.common.static.png\na.png = OC_PIZZA.city_001.static.png"),
            "line 3: a.png is listed already, in line 2: common brings it to all, a copy",
        ),
        (
            light("a.png = OC_PIZZA.City_002.static.png"),
            "OC_PIZZA.City_002.static.png: City_002 is no code as city_001 is, nor common",
        ),
        (
            light("a.png = OC_PIZZA.paris-montparnasse.static.png"),
            "paris-montparnasse is no code as city_001 is, nor common",
        ),
    ],
)
def test_one_line_says_where_and_what_is_wrong(text, said):
    with pytest.raises(UpdateError) as refused:
        read(text)
    (line,) = refused.value.args
    assert said in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (CUSTOMERS.encode("utf-16"), "begins with a byte order mark: save it as plain UTF-8"),
        (CUSTOMERS.encode("utf-16-le"), "no text in UTF-8: save it as plain UTF-8"),
        (CUSTOMERS.encode("utf-8-sig"), "begins with a byte order mark"),
        (light("é.png = OC_PIZZA.common.static.png").encode("latin-1"), "line 2: no text in UTF-8"),
        (b"\0" * 10, "no text in UTF-8"),
        (b"#" * 70_000, "longer than 64 kB"),
    ],
)
def test_other_encodings_are_refused(content, said):
    with pytest.raises(UpdateError) as refused:
        read_controller(content)
    assert said in refused.value.args[0]


WORDS = some.text("aZ9_-./\\ é=#;[]\n\r\t\0", max_size=12)
LINES = some.builds("{} = OC_PIZZA.{}".format, WORDS, some.lists(WORDS, max_size=5).map(".".join))


@given(some.lists(LINES | WORDS, max_size=4), some.sampled_from([light, heavy]))
def test_whatever_it_says_no_target_leaves_its_place(lines, under):
    for each in read_or_refused(under("\n".join(lines))):
        assert not each.target.is_absolute()
        assert len(each.target.parts) > 1
        assert all(part[0] not in ".-" for part in each.target.parts)
        assert "/" not in each.source


def read_or_refused(text: str) -> list[Component]:
    """None where it is refused, in one line."""
    try:
        return read(text)
    except UpdateError as error:
        (line,) = error.args
    assert "\n" not in line
    return []
