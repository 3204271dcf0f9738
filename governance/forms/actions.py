"""What people fill in around an action."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.forms.decisions import day_field
from governance.models import Action
from governance.services.actions import ActionWish
from projects.models import Party


class ActionForm(forms.Form):
    """Give somebody an action, or change one. `version` is that of the action as the person saw it."""

    version = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("What is to be done"),
        max_length=300,
        error_messages={"required": gettext_lazy("Say what is to be done.")},
    )
    owner = forms.ChoiceField(
        label=gettext_lazy("Who does it"), error_messages={"required": gettext_lazy("Say who does it.")}
    )
    due = day_field(gettext_lazy("By"), error_messages={"required": gettext_lazy("Say by when it is to be done.")})
    why = forms.CharField(label=gettext_lazy("Why it changes"), required=False, max_length=300)

    def __init__(
        self, data: Any = None, *, owners: Sequence[Party], action: Action | None = None, **kwargs: Any
    ) -> None:
        if action is not None:
            kwargs.setdefault(
                "initial",
                {
                    "version": action.version,
                    "text": action.text,
                    "owner": str(action.owner_id or ""),
                    "due": action.due,
                },
            )
        super().__init__(data, **kwargs)
        self.owners = {str(each.pk): each for each in owners}
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)  # noqa: S101 (for the type checker)
        owner.choices = [("", _("Choose who")), *((key, each.name) for key, each in self.owners.items())]
        owner.error_messages["invalid_choice"] = _("Choose one of the list.")
        if action is None or not action.is_condition:
            del self.fields["why"]
        else:
            self.fields["text"].widget.attrs["readonly"] = True
            self.fields["why"].help_text = _("Needed: a decision depends on this condition.")

    def wish(self) -> ActionWish:
        """What was written."""
        clean = self.cleaned_data
        return ActionWish(clean["text"], self.owners[clean["owner"]], clean["due"])
