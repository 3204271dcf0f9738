"""The step that asks for an earlier project: which one, as what, and what comes over."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.exceptions import RuleBroken
from phases.choices import MadeAs
from phases.selectors.reuse import MOST_ITEMS, MOST_SOURCES, Group, Item, Offer, offer_of, sources_for
from phases.services.reasons import LONGEST_REASON, check_reason
from phases.services.reuse import Earlier
from projects.forms.scope import Raw
from projects.models import Organization

TAKEN = "take"


class EarlierForm(forms.Form):
    """An earlier project to build on, or none. The projects are those that the person sees."""

    source = forms.ChoiceField(
        label=gettext_lazy("Start from"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("This project is not there any more, or you no longer see it. Choose again.")
        },
    )
    made_as = forms.ChoiceField(
        label=gettext_lazy("What the new project is to it"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (MadeAs.METHOD.value, gettext_lazy("A project of its own, with the method of the earlier one")),
            (MadeAs.WIDER_SCOPE.value, gettext_lazy("The same SMS with a wider scope: phase 1 again, faster")),
        ],
        error_messages={"invalid_choice": gettext_lazy("Choose one of the two.")},
    )
    why_left = forms.CharField(
        label=gettext_lazy("Why the ticked activities stay out here too"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    offered_for = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, organization: Organization | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["made_as"] = self.initial.get("made_as") or MadeAs.METHOD
        self.organization = organization
        self.sources = {project.slug: project for project in sources_for(user)[:MOST_SOURCES]}
        field = self.fields["source"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [
            ("", _("The catalogue alone")),
            *((slug, f"{each.name} ({each.organization.name})") for slug, each in self.sources.items()),
        ]
        self._offer: Offer | None = None

    @staticmethod
    def raw_of(post: QueryDict) -> Raw:
        """What was typed in this step, and nothing else of the request."""
        raw = {name: post.getlist(name)[:1] for name in EarlierForm.base_fields}
        return {**raw, TAKEN: post.getlist(TAKEN)[:MOST_ITEMS]}

    def _typed(self, name: str) -> str:
        return str(self[name].value() or "")

    @property
    def offer(self) -> Offer | None:
        """What the chosen project offers; None without one."""
        source = self.sources.get(self._typed("source"))
        if source is not None and self._offer is None:
            self._offer = offer_of(source, self.organization)
        return self._offer

    @property
    def is_shown(self) -> bool:
        """Whether the person has seen what the chosen project offers to this organization."""
        return self._typed("offered_for") == self.offered_mark

    @property
    def offered_mark(self) -> str:
        """What a page that shows the offer says of it."""
        offer = self.offer
        return f"{offer.source.slug} {'within' if offer.within else 'across'}" if offer is not None else ""

    @property
    def taken(self) -> list[str]:
        """What is ticked: what the person said, or what is proposed before they were asked."""
        offer = self.offer
        if offer is None:
            return []
        if not self.is_shown:
            return offer.proposed
        data = self.data if self.is_bound else None
        said = data.getlist(TAKEN) if isinstance(data, QueryDict) else self.initial.get(TAKEN, [])
        offered = set(offer.keys)
        return [key for key in said if key in offered]

    @property
    def groups(self) -> list[tuple[Group, list[tuple[Item, bool]]]]:
        """The offer with its ticks."""
        offer, taken = self.offer, set(self.taken)
        if offer is None:
            return []
        return [(group, [(item, item.key in taken) for item in group.items]) for group in offer.groups]

    def clean(self) -> dict[str, Any]:
        """A wider scope stays in its organization; what another one left out needs words of one's own."""
        answers = super().clean() or {}
        offer = self.offer
        if offer is None or "source" not in answers:
            return answers
        if answers.get("made_as") == MadeAs.WIDER_SCOPE and not offer.within:
            self.add_error("made_as", _("A scope is widened within one organization. Take the method alone."))
        if not offer.within and any(key.startswith("left:") for key in self.taken):
            try:
                check_reason(answers.get("why_left", ""), field="why_left")
            except RuleBroken as refused:
                self.add_error("why_left", str(refused))
        return answers

    @property
    def is_wider(self) -> bool:
        """Whether the new project widens the scope of the earlier one."""
        offer = self.offer
        return offer is not None and offer.within and self._typed("made_as") == MadeAs.WIDER_SCOPE

    @property
    def earlier(self) -> Earlier | None:
        """What a valid form says; None for the catalogue alone."""
        if self.offer is None:
            return None
        return Earlier(
            slug=self.offer.source.slug,
            taken=self.taken,
            made_as=self.cleaned_data.get("made_as") or MadeAs.METHOD,
            why_left=self.cleaned_data.get("why_left", ""),
        )
