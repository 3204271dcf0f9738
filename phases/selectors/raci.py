"""Who is accountable, works, is consulted and is informed: the plan as a RACI matrix."""

from collections import defaultdict
from dataclasses import dataclass

from phases.choices import Status
from phases.domain.raci import Line, fold, letters_of
from phases.domain.responsibility import answer_for
from phases.models import Contributor, PhaseActivity
from phases.selectors.catalogue import texts_for
from phases.selectors.people import named_in
from phases.selectors.role_map import PartyChoice, closed_phases, roles_of, title_of_component
from projects.models import Project


@dataclass(frozen=True, slots=True)
class RaciQuestion:
    """Which part of the matrix is asked for: `phase` -1 is every phase that is not closed, "" and 0 are all."""

    phase: int = -1
    component: str = ""
    party: int = 0


@dataclass(frozen=True, slots=True)
class RaciLine:
    """A line of the matrix with its title; `cells` has a letter or "" under each party.

    `is_missing`: nobody is accountable, in a phase that is still open.
    """

    line: Line
    title: str
    cells: tuple[str, ...]
    is_missing: bool


@dataclass(frozen=True, slots=True)
class RaciGroup:
    """The lines of one component."""

    code: str
    title: str
    lines: tuple[RaciLine, ...]


@dataclass(frozen=True, slots=True)
class Raci:
    """The matrix: its columns are the parties that have a letter in it. `open` lines have nobody accountable."""

    parties: tuple[PartyChoice, ...]
    groups: tuple[RaciGroup, ...]
    count: int
    open: int
    every_party: tuple[PartyChoice, ...]
    components: tuple[tuple[str, str], ...]


def raci_of(project: Project, question: RaciQuestion) -> Raci:
    """The matrix of what applies in the plan. Seven queries.

    Who is accountable and who works comes from the rows, so that what was set by hand shows; who is consulted and
    informed comes from the role map.
    """
    texts, named = texts_for(project), named_in(project)
    closed = closed_phases(project)
    helpers: dict[int, list[int]] = defaultdict(list)
    for row_id, party in Contributor.objects.filter(project=project).values_list("phase_activity_id", "party_id"):
        helpers[row_id].append(party)
    codes: dict[str, None] = {}
    component_of: dict[str, str] = {}
    titles: dict[str, str] = {}
    found = []
    rows = (
        PhaseActivity.objects.filter(project=project)
        .exclude(status=Status.NOT_APPLICABLE)
        .order_by("activity__position", "activity__ref", "phase_number")
        .values_list(
            "pk",
            "activity__ref",
            "activity__title",
            "activity__component",
            "activity__roles",
            "phase_number",
            "accountable_id",
        )
    )
    for pk, ref, title, code, own, number, accountable in rows:
        codes[code] = None
        asked = number == question.phase or (question.phase == -1 and number not in closed)
        if not asked or (question.component and code != question.component):
            continue
        answer = answer_for(named.every, roles_of(texts, ref, own), code)
        letters = letters_of(accountable, helpers[pk], answer.consulted, answer.informed)
        if question.party and question.party not in letters:
            continue
        text = texts.text_of(ref)
        component_of[ref] = code
        titles[ref] = title or (text.title if text else ref)
        found.append((ref, number, letters))
    lines = fold(found)
    used = {party for line in lines for party in line.letters}
    every = sorted(
        (PartyChoice(party.pk, party.name, party.kind, party.is_active) for party in named.parties.values()),
        key=lambda party: (party.kind == "group", party.name.casefold()),
    )
    parties = tuple(party for party in every if party.pk in used)

    def missing(line: Line) -> bool:
        return line.is_open_question and not closed.issuperset(line.phases)

    grouped: dict[str, list[RaciLine]] = defaultdict(list)
    for line in lines:
        cells = tuple(line.letters.get(party.pk, "") for party in parties)
        grouped[component_of[line.ref]].append(RaciLine(line, titles[line.ref], cells, missing(line)))
    return Raci(
        parties=parties,
        groups=tuple(RaciGroup(code, title_of_component(texts, code), tuple(its)) for code, its in grouped.items()),
        count=len(lines),
        open=sum(missing(line) for line in lines),
        every_party=tuple(every),
        components=tuple((code, title_of_component(texts, code)) for code in codes),
    )
