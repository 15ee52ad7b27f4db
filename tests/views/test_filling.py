"""A page's form filled in again: all of what was typed, and nothing else of the page changed."""

from webtest import TestResponse

from ocpizza.views.filling import fill_in
from views.test_kept_forms import sent_by

PAGE = """<main><h1>Œufs &amp; lait</h1>
<form method="get" action="/a"><input name="name"></form>
{form}
<form method="post" action="/b"><input name="name" value="b"></form>
</main>"""


def filled(form: str, fields, target: str = "/a"):
    html = PAGE.format(form=form)
    answer = fill_in(html, "/a", target, fields)
    assert answer.html.startswith(PAGE.partition("{form}")[0])
    assert answer.html.endswith(PAGE.partition("{form}")[2])
    return answer


def sent(answer) -> dict[str, list[str]]:
    response = TestResponse(body=answer.html.encode(), content_type="text/html", charset="utf-8")
    return sent_by(response.forms[1])


def test_texts_and_lists_and_boxes():
    form = """<form method="post" action="/a?x=1#y">
      <input name="name" value="before" required><textarea name="note" rows=2>before</textarea>
      <select name="kind"><option value="1" selected>One</option>
      <option value="2">Two</option></select>
      <input type="checkbox" name="day" value="0" checked>
      <input type="checkbox" name="day" value="1">
      <input type="checkbox" name="on" checked>
      <input type="radio" name="way" value="a" checked><input type="radio" name="way" value="b">
    </form>"""
    fields = [("name", 'a"b<'), ("note", "\n</textarea>&amp;"), ("kind", "2"), ("day", "1")]
    fields += [("way", "b"), ("on", "on")]
    answer = filled(form, fields)
    found = {name: [value.replace("\r\n", "\n") for value in v] for name, v in sent(answer).items()}
    note = found.pop("note")
    assert note[0].strip() == "</textarea>&amp;"
    assert found == {
        "name": ['a"b<'],
        "kind": ["2"],
        "day": ["1"],
        "way": ["b"],
        "on": ["on"],
    }
    assert answer.left == []


def test_what_was_unticked_is_unticked():
    form = '<form method="post"><input name="name"><input type="checkbox" name="on" checked></form>'
    assert sent(filled(form, [("name", "x")])) == {"name": ["x"]}


def test_several_fields_of_one_name_in_their_order():
    form = '<form method="post" action="/a"><input name="size"><input name="size"></form>'
    assert sent(filled(form, [("size", "1"), ("size", "2")])) == {"size": ["1", "2"]}


def test_hidden_fields_come_back_too_but_never_a_token_or_a_password():
    form = """<form method="post" action="/a"><input type="hidden" name="csrf_token" value="new">
      <input type="hidden" name="version" value="4"><input name="name">
      <input type="password" name="current"></form>"""
    answer = filled(form, [("version", "3"), ("name", "x"), ("current", "secret")])
    assert sent(answer) == {"version": ["3"], "name": ["x"]}
    assert 'value="new"' in answer.html
    assert "secret" not in answer.html


def test_of_several_forms_the_one_with_the_same_hidden_fields():
    forms = "".join(
        f'<form method="post" action="/a"><input type="hidden" name="driver" value="{id}">'
        f'<input name="sum" value="{id}0"></form>'
        for id in (1, 2, 3)
    )
    answer = filled(forms, [("driver", "2"), ("sum", "7")])
    assert [value in answer.html for value in ('"10"', '"7"', '"30"')] == [True] * 3
    assert '"20"' not in answer.html


def test_a_form_that_one_of_its_buttons_sends_elsewhere():
    form = """<form method="post" action="/other"><input name="name">
      <button formaction="/a" name="size" value="1">+</button></form>"""
    answer = filled(form, [("name", "x"), ("size", "1")])
    assert sent(answer) == {"name": ["x"]}
    assert answer.left == []


def test_what_is_begun_anew_has_another_address():
    token, other = "A" * 43, "b-_" + "B" * 40
    form = f'<form method="post" action="/caisse/{token}/ajouter"><input name="name"></form>'
    answer = filled(form, [("name", "x")], f"/caisse/{other}/ajouter")
    assert sent(answer) == {"name": ["x"]}


def test_a_copy_in_a_template_is_left_alone():
    form = """<template><form method="post" action="/a"><input name="name"></form></template>
      <form method="post" action="/a"><input name="name"></form>"""
    answer = filled(form, [("name", "x")])
    assert answer.html.count('value="x"') == 1
    assert answer.html.index('value="x"') > answer.html.index("</template>")


def test_what_has_no_place_any_more_is_told():
    form = '<form method="post" action="/a"><input name="name"></form>'
    assert filled(form, [("name", "x"), ("row_9", "120 g"), ("empty", " ")]).left == ["120 g"]


def test_a_page_without_the_form_stays_as_it_is():
    answer = filled("", [("name", "x y")])
    assert (answer.begin, answer.left) == (None, ["x y"])


def test_a_button_alone_is_not_filled_in():
    form = '<form method="post" action="/a"><input type="hidden" name="on" value="0"></form>'
    answer = filled(form, [("on", "1")])
    assert (answer.begin, answer.left) == (None, [])
    assert 'value="0"' in answer.html
