"""A component is what its extension says."""

from pathlib import PurePosixPath

import pytest

from ocpizza.operations.update.content import CHECKS, check_content
from ocpizza.operations.update.controller import EXTENSIONS, Component
from ocpizza.operations.update.errors import UpdateError
from operations.update.pictures import PICTURES, png_of

RIGHT = {
    **PICTURES,
    "pdf": b"%PDF-1.7\n1 0 obj\n%%EOF\n",
    "py": b"def includeme(config):\n    pass\n",
    "html": b"<p>{{ request.now }}</p>",
    "css": b"p { color: red }",
    "js": b"document.title = ''",
    "json": b'{"open": true}',
    "ini": b"[hours]\nopen = 11\n",
    "psql": b"UPDATE product SET active = true;",
}


def component(extension: str) -> Component:
    return Component(3, f"source.{extension}", PurePosixPath(f"common/source.{extension}"))


def test_every_extension_is_looked_at():
    extensions = {extension for kind in EXTENSIONS.values() for extension in kind}
    assert {*CHECKS} == {*RIGHT} == extensions


@pytest.mark.parametrize("extension", RIGHT)
def test_what_is_right_passes(extension):
    check_content(component(extension), RIGHT[extension])


@pytest.mark.parametrize("extension", RIGHT)
def test_random_bytes_are_nothing(extension):
    with pytest.raises(UpdateError) as refused:
        check_content(component(extension), b"\xff\xfe\0\x01" * 20)
    (line,) = refused.value.args
    assert line.startswith(f"source.{extension} (.{extension}): ")


@pytest.mark.parametrize(
    ("extension", "content", "said"),
    [
        ("py", b"def x(:\n", "line 1: "),
        ("py", b"x = 1\nif x:\n  y\n z\n", "line 4: "),
        ("py", b"\xef\xbb\xbfx = 1", "begins with a byte order mark"),
        ("py", b"x = 1\0", "it is no text"),
        ("py", b"return 5", "line 1: 'return' outside function"),
        ("py", b"(" * 500, "line 1: too many nested parentheses"),
        ("json", b"{", "Expecting property name"),
        ("json", b"[" * 100_000, "maximum recursion depth"),
        ("ini", b"open = 11", "line 1: it stands before any [section]"),
        ("ini", b"[a]\nopen", "line 2: it is neither [section] nor key = value"),
        ("ini", b"[a]\nb = 1\nb = 2", "line 3: option 'b' in section 'a' already exists"),
        ("ini", b"[a]\n[a]", "line 2: section 'a' already exists"),
        ("css", b" \n", "it is empty"),
        ("html", b"", "it is empty"),
        ("psql", b"\xe9", "it is no text in UTF-8"),
        ("pdf", b"%PDF-1.7", "it is cut short"),
        ("png", png_of(40_000, 40_000, b""), "40000 × 40000 pixels are too many: 40 million"),
        ("png", b"<svg><script>alert(1)</script></svg>", "it is no PNG"),
    ],
)
def test_one_line_says_what_is_wrong(extension, content, said):
    with pytest.raises(UpdateError) as refused:
        check_content(component(extension), content)
    (line,) = refused.value.args
    assert said in line
    assert "\n" not in line
