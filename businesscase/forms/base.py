"""How the forms of a business case are laid out: by crispy-forms, in the look of our other forms."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout


def helper_of(*parts: Any) -> FormHelper:
    """A helper that writes the fields of `parts` and neither the form tag nor buttons: the page has those."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.form_show_errors = False
    helper.field_template = "components/form_field.html"
    helper.layout = Layout(*parts)
    return helper


def pair(*fields: str) -> Div:
    """Fields beside one another, below one another on a phone."""
    return Div(*fields, css_class="form-2")


def triple(*fields: str) -> Div:
    """Three fields beside one another."""
    return Div(*fields, css_class="cf-3")


def part(title: str, *fields: Any, css: str = "") -> Fieldset:
    """A titled part of a form."""
    return Fieldset(title, *fields, css_class=f"cf-part {css}".strip())
