"""The templates as the package brings them: Python, taken as it is."""

import tempfile

import jinja2
import pytest
from pyramid.config import Configurator

from ocpizza import rendering
from ocpizza.operations.compile_templates import compile_templates


@pytest.fixture
def compiled(tmp_path, monkeypatch):
    """Where the package has them."""
    folder = tmp_path / "compiled_templates"
    monkeypatch.setattr(rendering, "COMPILED", folder)
    return folder


def environment() -> jinja2.Environment:
    with Configurator() as config:
        config.include(rendering)
    return config.get_jinja2_environment(name=".jinja2")


def test_compiled_templates_are_not_compiled_again(compiled, monkeypatch):
    compile_templates(compiled)

    def refuse(*_, **__):
        raise AssertionError("compiled again")

    monkeypatch.setattr(jinja2.Environment, "compile", refuse)
    templates = list(rendering.TEMPLATES.rglob("*.jinja2"))
    assert len(environment().cache) == len(templates) > 50


def test_a_mistake_in_a_template_fails_the_build(compiled, tmp_path, monkeypatch):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/wrong.jinja2").write_text("{% if %}")
    monkeypatch.setattr(rendering, "TEMPLATES", tmp_path / "templates")
    with pytest.raises(jinja2.TemplateSyntaxError):
        compile_templates(compiled)


def test_nor_are_those_of_a_checkout_whose_text_and_options_are_the_same(
    compiled, tmp_path, monkeypatch
):
    def compiled_anew() -> int:
        with monkeypatch.context() as patch:
            compile_text, texts = jinja2.Environment.compile, []

            def note(self, source, *arguments):
                texts.append(source)
                return compile_text(self, source, *arguments)

            patch.setattr(jinja2.Environment, "compile", note)
            environment()
            return len(texts)

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert [compiled_anew() > 50, compiled_anew()] == [True, 0]
    monkeypatch.setattr(rendering._Cache, "_how", "otherwise")
    assert compiled_anew() > 50
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    assert compiled_anew() > 50
