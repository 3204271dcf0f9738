"""Who answers what, and whom the plan suggests for a section that nobody has."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from gapanalysis.models import Answer, Assessment, Assessor
from gapanalysis.selectors.sections import OTHERS, section_name, section_order
from phases.models import PhaseActivity
from projects.models import Party, Project


@dataclass(frozen=True, slots=True)
class Given:
    """A party that answers, with its sections in their order; none means all. `is_absent`: it can do so no more."""

    party: Party
    sections: tuple[str, ...]
    is_absent: bool

    @property
    def names(self) -> list[str]:
        """Its sections by name."""
        return [section_name(section) for section in self.sections]

    def has(self, section: str) -> bool:
        """Whether it answers `section`."""
        return not self.sections or section in self.sections


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A section that nobody has, and the party that the plan makes responsible for most of what it asks about."""

    section: str
    name: str
    party: Party
    activities: int
    of: int


def given_in(assessment: Assessment) -> list[Given]:
    """Who answers `assessment`, by name. One query."""
    rows = Assessor.objects.filter(assessment=assessment).select_related("party__user").order_by("party__name")
    return [
        Given(row.party, tuple(sorted(row.sections, key=section_order)), not _can_answer(row.party)) for row in rows
    ]


def _can_answer(party: Party) -> bool:
    return party.is_active and (party.user is None or party.user.is_active)


def without_assessor(sections: Collection[str], given: Sequence[Given]) -> list[str]:
    """The sections that nobody was given who can still answer, in their order."""
    there = [each for each in given if not each.is_absent]
    return sorted((one for one in sections if not any(each.has(one) for each in there)), key=section_order)


def suggestions_for(project: Project, assessment: Assessment, sections: Collection[str]) -> list[Suggestion]:
    """For each of `sections`, who is responsible for most of the activities that its questions reach. Two queries.

    Whoever has left is not suggested, and a section whose activities nobody has gets no suggestion.
    """
    wanted = [section for section in sections if section not in OTHERS]
    if not wanted:
        return []
    reached: dict[str, set[str]] = {section: set() for section in wanted}
    rows = Answer.objects.filter(assessment=assessment, question__section__in=wanted)
    for section, activities in rows.values_list("question__section", "question__activities"):
        reached[section].update(activities)
    refs = set().union(*reached.values())
    responsible: dict[str, Party] = {}
    accountable = PhaseActivity.objects.filter(
        project=project, activity__ref__in=refs, accountable__isnull=False, accountable__is_active=True
    )
    # Of several phases the earliest one counts.
    for row in accountable.select_related("activity", "accountable__user").order_by("-phase_number"):
        if row.accountable is not None and _can_answer(row.accountable):
            responsible[row.activity.ref] = row.accountable
    found = []
    for section in sorted(wanted, key=section_order):
        count = Counter(responsible[ref].pk for ref in reached[section] if ref in responsible)
        if not count:
            continue
        most = max(count.values())
        # Of two with as many the first by name, so that the same plan always suggests the same.
        parties = {party.pk: party for party in responsible.values()}
        best = min((parties[pk] for pk, number in count.items() if number == most), key=lambda party: party.name)
        found.append(Suggestion(section, section_name(section), best, most, len(reached[section])))
    return found


def as_given(given: Sequence[Given]) -> dict[Party, Sequence[str]]:
    """What `set_assessors` takes to leave everything as it is."""
    return {each.party: each.sections for each in given}


def added(given: Mapping[Party, Sequence[str]], party: Party, sections: Collection[str]) -> dict[Party, Sequence[str]]:
    """`given` with `sections` handed to `party` beside what it has; who has all keeps all."""
    result = dict(given)
    if party in result and not result[party]:
        return result
    result[party] = sorted({*result.get(party, ()), *sections}, key=section_order)
    return result
