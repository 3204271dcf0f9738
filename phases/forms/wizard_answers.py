"""All steps of a draft together."""

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.models import User
from phases.choices import Approach
from phases.forms.approach import ApproachForm, initial_of
from phases.forms.earlier import EarlierForm
from phases.forms.wizard import DatesForm, Members, OrganizationForm, as_data
from phases.forms.wizard_steps import Step, steps_for
from phases.selectors.catalogue import CatalogueTexts, newest_catalogue, texts_of, with_supplement
from phases.services.placing import WayOfWorking
from projects.forms.scope import Raw, ScopeForm

AnyForm = OrganizationForm | EarlierForm | ScopeForm | ApproachForm | DatesForm | Members


@dataclass(frozen=True, slots=True)
class Answers:
    """All steps of a draft, bound, so that each can say whether it is complete. `steps` are those asked for."""

    organization: OrganizationForm
    earlier: EarlierForm
    scope: ScopeForm
    approach: ApproachForm
    dates: DatesForm
    team: Members
    steps: tuple[Step, ...]

    def form(self, step: str) -> AnyForm:
        """The form of one step."""
        forms_by_step: dict[str, AnyForm] = {
            "organization": self.organization,
            "earlier": self.earlier,
            "scope": self.scope,
            "approach": self.approach,
            "dates": self.dates,
            "people": self.team,
        }
        return forms_by_step[step]

    @property
    def incomplete(self) -> list[Step]:
        """The steps that still lack something."""
        return [step for step in self.steps if step.key != "review" and not self.form(step.key).is_valid()]

    @property
    def keys(self) -> tuple[str, ...]:
        """The words of the steps, in order."""
        return tuple(step.key for step in self.steps)


def bind_answers(steps: Mapping[str, Raw], user: User) -> Answers:
    """The forms of all steps, bound to what the draft holds.

    A step that was never asked for is complete where nothing has to be said: the catalogue alone, its three phases,
    nobody to invite.
    """
    dates = DatesForm(as_data(steps.get("dates", {})))
    dates.is_valid()
    organization = OrganizationForm(as_data(steps.get("organization", {})), user=user)
    organization.is_valid()
    chosen = organization.choices.get(str(organization.cleaned_data.get("organization", "")))
    earlier = EarlierForm(as_data(steps.get("earlier", {})), user=user, organization=chosen)
    approach = ApproachForm(
        as_data(steps["approach"] if "approach" in steps else _usual_approach(earlier)), texts=_texts(organization)
    )
    return Answers(
        organization=organization,
        earlier=earlier,
        scope=ScopeForm(as_data(steps.get("scope", {}))),
        approach=approach,
        dates=dates,
        team=Members(
            as_data(steps.get("people") or {"form-TOTAL_FORMS": ["0"]}),
            user=user,
            start=dates.cleaned_data.get("start"),
        ),
        steps=steps_for(has_earlier=bool(earlier.sources) or "earlier" in steps),
    )


def _texts(organization: OrganizationForm) -> CatalogueTexts | None:
    """The texts of the plan that the project will get."""
    catalogue = newest_catalogue()
    if catalogue is None:
        return None
    texts = texts_of(catalogue)
    extra = organization.supplement_texts if organization.takes_supplement else None
    return with_supplement(texts, extra) if extra is not None else texts


def _usual_approach(earlier: EarlierForm) -> Raw:
    """The approach where nobody was asked: that of the earlier project, else the catalogue's three phases."""
    offer = earlier.offer
    if offer is None:
        return {"approach": [Approach.THREE_PHASES.value]}
    way = WayOfWorking(offer.approach, offer.component_phases, offer.very_small)
    said = {name: [str(value)] for name, value in initial_of(way).items()}
    return said if way.very_small else {name: value for name, value in said.items() if name != "very_small"}
