"""A page's form filled in with what was typed in it before; the rest of the page stays as it is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from itertools import accumulate
from urllib.parse import urlsplit

Attributes = dict[str, str | None]
# What of a form is pressed, not typed.
PRESSED = ("submit", "button", "image", "reset")
NEVER = ("password", "file", *PRESSED)
CHOSEN = ("checkbox", "radio")
# What is begun has an address made anew each time that its page is asked for.
TOKEN = re.compile(r"/[A-Za-z0-9_-]{43}(?=/|$)")


@dataclass
class _Control:
    """A field, or an option of a list: where its tag stands, and its text behind it."""

    kind: str
    name: str
    attributes: Attributes
    begin: int
    end: int
    text_end: int = 0

    @property
    def value(self) -> str:
        default = "on" if self.kind in CHOSEN else ""
        value = self.attributes.get("value", default)
        return value or ""

    def tag(self, **changed: str | bool) -> str:
        """Return the tag with some attributes changed; one that is False goes."""
        attributes = {**self.attributes, **changed}
        said = "".join(
            f" {name}" if value in (True, None) else f' {name}="{escape(str(value))}"'
            for name, value in attributes.items()
            if value is not False
        )
        element = {"textarea": "textarea", "option": "option"}.get(self.kind, "input")
        return f"<{element}{said}>"


@dataclass
class _Form:
    begin: int
    end: int
    posts: bool
    targets: set[str]
    controls: list[_Control] = field(default_factory=list)
    pressed: set[str] = field(default_factory=set)

    def likeness(self, fields: Sequence[tuple[str, str]]) -> int:
        """Return how many of its hidden fields are as they were sent: rows of a list differ so."""
        return sum((each.name, each.value) in fields for each in self.controls)

    @property
    def is_typed_in(self) -> bool:
        return any(each.kind != "hidden" for each in self.controls)


@dataclass(frozen=True, slots=True)
class Filled:
    """A page with the form filled in, or as it was without one (`begin` is None).

    `begin` and `inside` are where that form stands and its first field, `left` what has no place
    there.
    """

    html: str
    begin: int | None
    inside: int
    left: Sequence[str]


class _Reader(HTMLParser):
    """Finds the forms of a page that we made, with what stands in them."""

    def __init__(self, html: str, path: str) -> None:
        super().__init__()
        self.path = path
        self.forms: list[_Form] = []
        self.open: _Form | None = None
        self.list_name = ""
        self.text: _Control | None = None
        # What stands in a template is not shown.
        self.templates = 0
        self.lines = [0, *accumulate(len(line) + 1 for line in html.split("\n"))]
        self.feed(html)

    def here(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes: Attributes = dict(attrs)
        begin = self.here()
        end = begin + len(self.get_starttag_text() or "")
        if tag == "template":
            self.templates += 1
        elif self.templates:
            return
        elif tag == "form":
            posts = (attributes.get("method") or "").lower() == "post"
            self.open = _Form(begin, end, posts, {_target(attributes.get("action") or self.path)})
            self.forms.append(self.open)
        elif self.open is not None:
            self._note(self.open, tag, attributes, begin, end)

    def _note(self, form: _Form, tag: str, attributes: Attributes, begin: int, end: int) -> None:
        name = attributes.get("name") or ""
        kind = (attributes.get("type") or "text").lower() if tag == "input" else tag
        if action := attributes.get("formaction"):
            form.targets.add(_target(action))
        if kind in PRESSED:
            form.pressed.add(name)
        elif tag == "select":
            self.list_name = name
        elif tag == "option":
            form.controls.append(_Control("option", self.list_name, attributes, begin, end))
        elif tag in ("input", "textarea") and name and kind not in NEVER:
            control = _Control(kind, name, attributes, begin, end)
            form.controls.append(control)
            self.text = control if tag == "textarea" else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self.templates -= 1
        elif tag == "form":
            self.open = None
        elif tag == "textarea" and self.text is not None:
            self.text.text_end = self.here()
            self.text = None


def fill_in(html: str, path: str, target: str, fields: Sequence[tuple[str, str]]) -> Filled:
    """Return the page at `path` with its form that posts to `target` filled in."""
    alike = _target(target)
    forms = [each for each in _Reader(html, path).forms if each.posts and alike in each.targets]
    if not forms:
        return Filled(html, None, 0, [value for _name, value in fields])
    form = max(forms, key=lambda each: each.likeness(fields))
    if not form.is_typed_in:
        return Filled(html, None, 0, [])
    values: dict[str, list[str]] = {}
    for name, value in fields:
        values.setdefault(name, []).append(value)
    known = {each.name for each in form.controls} | form.pressed
    left = [value for name, value in fields if name not in known and value.strip()]
    for begin, end, text in reversed([*_edits(form, values)]):
        html = html[:begin] + text + html[end:]
    return Filled(html, form.begin, form.end, left)


def _target(address: str) -> str:
    return TOKEN.sub("/*", urlsplit(address).path)


def _edits(form: _Form, values: dict[str, list[str]]) -> Iterator[tuple[int, int, str]]:
    """Yield what is written in place of what, in the order of the page."""
    waiting = {name: [*several] for name, several in values.items()}
    for each in form.controls:
        sent = values.get(each.name, [])
        if each.kind in CHOSEN:
            yield each.begin, each.end, each.tag(checked=each.value in sent)
        elif each.kind == "option":
            if sent:
                yield each.begin, each.end, each.tag(selected=each.value in sent)
        elif waiting.get(each.name):
            value = waiting[each.name].pop(0)
            if each.kind == "textarea":
                yield each.end, each.text_end, f"\n{escape(value)}"
            else:
                yield each.begin, each.end, each.tag(value=value)
