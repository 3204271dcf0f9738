"""Where a broken rule stands in a form."""

from django import forms

from common.exceptions import RuleBroken


def refuse(form: forms.Form, error: RuleBroken) -> None:
    """Put a broken rule beside the field that it is about, or over the form."""
    form.add_error(error.field if error.field in form.fields else None, str(error))
