"""Nothing is written for people outside of `_(…)`, in no template and no module that speaks."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

import ocpizza
from i18n.veil import OURS, bare, matching

SOURCE = Path(ocpizza.__file__).parent
TEMPLATES = sorted((SOURCE / "templates").rglob("*.jinja2"))
SPEAKING = ("views", "forms", "mail", "services", "domain", "security")
MODULES = sorted(path for room in SPEAKING for path in (SOURCE / room).rglob("*.py"))
GETTEXT = ("_", "ngettext")
# What only people read: our letters, or the start of a sentence; in a template, of a name.
SENTENCE = re.compile(r"[À-ÖØ-öø-ÿŒœ’…]|^[A-Z][\w’]* [a-z]\w")
NAME = re.compile(rf"{SENTENCE.pattern}|^[A-Z][a-z]")
SAID = ("say", "ValidationError", "InputRequired", "DataRequired")
CLASSES = re.compile(r"{% block body_class %}.*?{% endblock %}")
JINJA = Environment(extensions=["jinja2.ext.i18n"])


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def markup(source: str) -> str:
    """A template without what Jinja does in it."""
    return "".join(
        text for _line, kind, text in JINJA.lex(CLASSES.sub("", source)) if kind == "data"
    )


def bare_strings(source: str) -> list[str]:
    """Strings in a template's expressions that look like words for people."""
    tree = JINJA.parse(source)
    calls = [
        call for call in tree.find_all(nodes.Call) if getattr(call.node, "name", "") in GETTEXT
    ]
    translated = {id(const) for call in calls for const in call.find_all(nodes.Const)}
    strings = (const.value for const in tree.find_all(nodes.Const) if id(const) not in translated)
    return [text for text in strings if isinstance(text, str) and NAME.search(text)]


def bare_words(source: str) -> list[str]:
    """Strings in a module that look like words for people, docstrings apart."""
    tree = ast.parse(source)
    known = {id(node) for call in _gettext_calls(tree) for node in ast.walk(call)}
    known |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = {id(node): node.value for node in ast.walk(tree) if _is_text(node)}
    said = {id(word) for call in _calls(tree, SAID) for word in call.args[:2] if _is_text(word)}
    return [
        text
        for key, text in strings.items()
        if key not in known and (SENTENCE.search(text) or key in said)
    ]


def _calls(tree: ast.AST, names: tuple[str, ...]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in names:
            yield node


def _gettext_calls(tree: ast.AST) -> Iterator[ast.Call]:
    return _calls(tree, GETTEXT)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_says_nothing_by_itself(path):
    source = path.read_text(encoding="utf-8")
    assert bare(markup(source), matching(OURS)) == []
    assert [text for text in bare_strings(source) if text not in OURS] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_nothing_by_itself(path):
    assert bare_words(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Bonjour</p>",
        '<p title="Menu">{{ name }}</p>',
        '<input type="submit" value="Envoyer">',
        "<p>« {{ words }} »</p>",
        "<img alt='dessin de {{ name }}'>",
    ],
)
def test_bare_markup_is_found(source):
    assert bare(markup(source), matching(OURS)) != []


def test_bare_strings_are_found():
    assert bare_strings("{{ m.text(form.name, 'Nom') }}{{ _('Ville') }}") == ["Nom"]
    assert bare_words('def f(r):\n  """Doc."""\n  say(r, "ok")\n  say(r, _("Connecté"))') == ["ok"]
    assert bare_words('x = "Votre panier est vide"') == ["Votre panier est vide"]
