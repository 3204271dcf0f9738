"""What the form components need of a form's fields; pages include those components instead of loading this."""

from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

register = template.Library()


@dataclass(frozen=True)
class StyledField:
    """A form field's widget in our look: its HTML, and whether it is one check box or a group of choices."""

    html: SafeString | str
    is_check: bool
    is_group: bool


@register.filter
def styled(field: forms.BoundField) -> StyledField:
    """The widget of a bound field with the classes and the ties (`aria-describedby`) of our forms."""
    widget = field.field.widget
    is_check = isinstance(widget, forms.CheckboxInput)
    is_group = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    if is_group:
        # The choices are rendered one by one and take their class from the widget, which belongs to this form alone.
        widget.attrs["class"] = "form-check-input"
    if is_group or field.is_hidden:
        return StyledField("", is_check=False, is_group=is_group)
    if is_check:
        css = "form-check-input"
    elif isinstance(widget, forms.Select):
        css = "form-select"
    else:
        css = "form-control"
    own = str(widget.attrs.get("class", ""))
    attrs: dict[str, Any] = {"class": " ".join(filter(None, [own, css, "is-invalid" if field.errors else ""]))}
    notes = [f"{field.auto_id}_help"] if field.help_text else []
    if field.errors:
        attrs["aria-invalid"] = "true"
        notes.insert(0, f"{field.auto_id}_error")
    attrs["aria-describedby"] = " ".join(notes) or None
    if isinstance(widget, forms.DateInput) and widget.input_type == "text":
        attrs["placeholder"] = widget.attrs.get("placeholder", gettext("YYYY-MM-DD"))
    return StyledField(
        field.as_widget(attrs={name: value for name, value in attrs.items() if value is not None}),
        is_check=is_check,
        is_group=False,
    )


@register.filter
def fields_with_errors(form: forms.BaseForm) -> list[forms.BoundField]:
    """The visible fields that were refused, in the form's order."""
    return [field for field in form if field.errors and not field.is_hidden]
