"""The small parts of a page."""

from datetime import date
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string

from common.templatetags import ui

LATE = date(2026, 11, 6)


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_an_icon_points_into_the_sprite_and_is_silent() -> None:
    assert ui.icon("tri", "bad") == (
        '<svg class="i bad" aria-hidden="true"><use href="/static/img/icons.svg#i-tri"></use></svg>'
    )


def test_a_mark_is_a_shape_and_a_word() -> None:
    html = ui.mark("st-done", "Done", "good")
    assert html.startswith('<span class="badge-s tone-good">')
    assert "#i-st-done" in html
    assert html.endswith("Done</span>")


def test_a_mark_refuses_a_tone_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="unknown tone 'pink'"):
        ui.mark("st-done", "Done", "pink")


def test_words_are_escaped() -> None:
    for html in (ui.mark("st-done", "<b>"), ui.tag("<b>"), ui.chip("<b>"), ui.avatar("<b>"), ui.pill("tri", "<b>")):
        assert "<b>" not in html
        assert "&lt;b&gt;" in html


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Jana Kowalska", "JK"), ("Change manager", "CM"), ("Madonna", "MA"), ("M. O.", "MO"), ("", "–"), ("–", "–")],
)
def test_initials(name: str, expected: str) -> None:
    assert ui.initials(name) == expected


def test_nobody_is_dashed_and_said() -> None:
    assert ui.chip("") == (
        '<span class="chip"><span class="av av-none" aria-hidden="true">–</span>'
        '<span class="ellip">Unassigned</span></span>'
    )


def test_a_group_is_square() -> None:
    assert 'class="av av-group"' in ui.chip("Project office", "group")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"days_late": 13}, '<span class="late">13 d late</span>'),
        ({"days_late": 13, "long": True}, '<span class="late">13 days late</span>'),
        ({"days_late": 1, "long": True}, '<span class="late">1 day late</span>'),
        ({"days_left": 6}, '<span class="soon">in 6 d</span>'),
        ({"days_left": 0}, '<span class="soon">today</span>'),
        ({"days_left": 1, "long": True}, '<span class="soon">in 1 day</span>'),
    ],
)
def test_a_due_date_says_late_and_soon_in_words(arguments: dict[str, Any], words: str) -> None:
    assert words in ui.due(LATE, **arguments)


def test_a_due_date_far_away_says_only_the_day() -> None:
    assert ui.due(LATE) == '<span class="due"><time datetime="2026-11-06">6 Nov 2026</time></span>'
    assert ui.due(LATE, days_late=0, year=False) == '<span class="due"><time datetime="2026-11-06">6 Nov</time></span>'


def test_no_date_is_a_dash() -> None:
    assert ui.due(None) == '<span class="due none">–</span>'
    assert ui.day(None) == '<span class="none">–</span>'


def test_a_panel_has_a_title_a_note_and_a_link() -> None:
    html = render(
        '{% panel title="Overdue" note="14" id="late" css="c6" link_url="/x" link_text="See all" %}<p>{{ word }}</p>'
        "{% endpanel %}",
        word="<late>",
    )
    assert html == (
        '<section id="late" aria-labelledby="h-late" class="panel c6"><header class="panel-head">'
        '<h2 id="h-late">Overdue</h2><span class="note">14</span><span class="end"><a href="/x">See all</a></span>'
        '</header><div class="panel-body"><p>&lt;late&gt;</p></div></section>'
    )


def test_a_page_header_without_buttons_has_no_place_for_them() -> None:
    assert "actions" not in render('{% page_header title="Team" lead="Who does what" %}{% endpage_header %}')


def test_the_leading_number_of_a_phase_stands_alone_in_the_folded_sidebar() -> None:
    assert (ui.nav_number("2 Anticipate"), ui.nav_text("2 Anticipate")) == ("2", "Anticipate")
    assert (ui.nav_number("My work"), ui.nav_text("My work")) == ("", "My work")


def test_long_lists_of_pages_are_cut_in_the_middle() -> None:
    assert ui.page_numbers(Paginator(range(460), 25).page(9)) == [1, 0, 8, 9, 10, 0, 19]


class Sample(forms.Form):
    due = forms.DateField(label="Due date", help_text="Within the phase.")
    note = forms.CharField(label="Note", required=False)


def test_a_refused_field_is_tied_to_its_error_and_its_help() -> None:
    html = render_to_string("components/form_field.html", {"field": Sample({"due": "31 Feb"})["due"]})
    assert 'class="form-control is-invalid"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_due_error id_due_help"' in html
    assert 'id="id_due_error"' in html
    assert 'id="id_due_help"' in html


def test_a_field_that_may_stay_empty_says_so() -> None:
    assert "optional" in render_to_string("components/form_field.html", {"field": Sample()["note"]})


def test_the_error_summary_links_to_each_refused_field() -> None:
    html = render_to_string("components/form_errors.html", {"form": Sample({"due": ""})})
    assert "One field needs a look." in html
    assert '<a href="#id_due">Due date</a>' in html


def test_a_form_without_errors_has_no_summary() -> None:
    assert render_to_string("components/form_errors.html", {"form": Sample({"due": "2026-11-06"})}).strip() == ""


def test_a_menu_says_why_a_choice_is_refused() -> None:
    items = [{"value": "verified", "shape": "st-verified", "word": "Verified", "why": "needs somebody else"}]
    html = render_to_string(
        "components/menu_form.html", {"items": items, "name": "status", "action": "/x", "label": "Status"}
    )
    assert "disabled" in html
    assert "needs somebody else" in html
    assert 'data-menu-key="1"' in html
