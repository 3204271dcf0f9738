"""What a project asks of evidence."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evidence.choices import EvidenceKind, ProofNeeded
from evidence.models import EvidenceRules
from evidence.services.rules import MOST_MONTHS

_LABELS = {
    EvidenceKind.FILE: _("Files, months"),
    EvidenceKind.LINK: _("Links, months"),
    EvidenceKind.RECORD: _("Records of this system, months"),
}


class RulesForm(forms.Form):
    """Whether verifying needs proof, and for how many months each kind is kept once it no longer counts."""

    proof_needed = forms.ChoiceField(label=_("To be verified"), choices=ProofNeeded.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, label in _LABELS.items():
            self.fields[f"keep_{kind}"] = forms.IntegerField(label=label, min_value=0, max_value=MOST_MONTHS)

    @property
    def months(self) -> list[forms.BoundField]:
        """The fields of months."""
        return [self[f"keep_{kind}"] for kind in EvidenceKind]

    def keep_months(self) -> dict[str, int]:
        """Months by kind, as the service takes them."""
        return {kind.value: self.cleaned_data[f"keep_{kind}"] for kind in EvidenceKind}


def filled(rules: EvidenceRules) -> RulesForm:
    """The form as the rules stand."""
    months = {f"keep_{kind}": rules.months(kind.value) for kind in EvidenceKind}
    return RulesForm(initial={"proof_needed": rules.proof_needed, **months})
