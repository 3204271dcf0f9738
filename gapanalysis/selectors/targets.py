"""What a project wants to reach: a share of conforming questions per clause, a level per process."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.text import slugify

from gapanalysis.choices import Instrument, TargetOf
from gapanalysis.models import Question, Questionnaire, Target
from gapanalysis.selectors import newest_questionnaire
from gapanalysis.selectors.sections import section_order, section_title
from phases.selectors.clauses import clause_titles
from projects.models import Project

LONGEST_KEY = 30
CHAPTERS = tuple(str(number) for number in range(4, 11))
"""The chapters of the edition of 2018 that a target can be set for; their clauses of two levels too."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Targets by clause of 2018 (percent of the questions asked that conform) and by process (level 0 to 7).

    A process is named by `process_key` of its ladder's title.
    """

    clauses: Mapping[str, int] = field(default_factory=dict)
    processes: Mapping[str, int] = field(default_factory=dict)

    def for_clause(self, clause: str) -> int | None:
        """The target of `clause`: its own, else that of the nearest clause that holds it."""
        parts = clause.split(".")
        held = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
        return next((self.clauses[number] for number in held if number in self.clauses), None)

    def for_process(self, title: str) -> int | None:
        """The target of the process whose ladder is called `title`."""
        return self.processes.get(process_key(title))


@dataclass(frozen=True, slots=True)
class Aim:
    """Something that a target can be set for. `value` and `version` are None and 0 where none is set."""

    of: str
    key: str
    title: str
    value: int | None
    version: int

    @property
    def name(self) -> str:
        """The name of its field in a form."""
        return f"{self.of}:{self.key}"

    @property
    def is_chapter(self) -> bool:
        """Whether it is a chapter, which holds other clauses."""
        return self.of == TargetOf.CLAUSE and "." not in self.key


def process_key(title: str) -> str:
    """The key of a process: its title as a slug, which stays the same from version to version."""
    return slugify(title)[:LONGEST_KEY].strip("-")


def targets_of(project: Project) -> Targets:
    """All targets of `project`. One query."""
    found: dict[str, dict[str, int]] = {TargetOf.CLAUSE: {}, TargetOf.PROCESS: {}}
    for of, key, value in Target.objects.filter(project=project).values_list("of", "key", "value"):
        found[of][key] = value
    return Targets(found[TargetOf.CLAUSE], found[TargetOf.PROCESS])


def aims_of(project: Project, questionnaire: Questionnaire | None = None) -> list[Aim]:
    """All that targets can be set for: chapters and clauses of 2018, then processes. Three queries."""
    questionnaire = questionnaire or newest_questionnaire()
    set_now = {(target.of, target.key): target for target in Target.objects.filter(project=project)}

    def aim(of: str, key: str, title: str) -> Aim:
        target = set_now.get((of, key))
        return Aim(of, key, title, target.value if target else None, target.version if target else 0)

    asked = Question.objects.filter(questionnaire=questionnaire).exclude(instrument=Instrument.SURVEY)
    sections: set[str] = set()
    processes: list[str] = []
    for instrument, section, text in asked.values_list("instrument", "section", "text").order_by("position"):
        if instrument == Instrument.LADDER:
            processes.append(text)
        elif instrument == Instrument.REQUIREMENT and " " not in section:
            sections.add(section)
    titles = clause_titles()["2018"]
    clauses = sections | {section.split(".")[0] for section in sections}
    return [
        *(
            aim(TargetOf.CLAUSE, clause, section_title(clause) or titles.get(clause, ""))
            for clause in sorted(clauses, key=section_order)
        ),
        *(aim(TargetOf.PROCESS, process_key(title), title) for title in processes),
    ]
