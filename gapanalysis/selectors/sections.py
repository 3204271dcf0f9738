"""The sections of an assessment: the parts that one person can answer in one sitting."""

from django.utils.translation import gettext as _

from phases.selectors.clauses import clause_order, clause_titles

OTHERS = ("ladders", "survey", "readiness")
"""The sections that are no clauses, in the order in which they come after those."""


def section_title(section: str) -> str:
    """What a section is called: "Change management" for 8.5.1; "" for a clause that is not in our list."""
    named = {"ladders": _("Process ladders"), "survey": _("Survey"), "readiness": _("Readiness")}
    if section in named:
        return named[section]
    edition, number = section_clause(section)
    return clause_titles().get(edition, {}).get(number, "")


def section_clause(section: str) -> tuple[str, str]:
    """The edition and the clause number that a section stands for; "", "" for one that is no clause."""
    if section in OTHERS:
        return "", ""
    edition, _space, number = section.rpartition(" ")
    return edition or "2018", number


def section_name(section: str) -> str:
    """A section in one line: "8.5.1 Change management", "2011 6 Service delivery processes" or "Survey"."""
    title = section_title(section)
    return title if section in OTHERS else f"{section} {title}".strip()


def section_order(section: str) -> tuple[int, tuple[int, ...]]:
    """Sort key: the clauses of 2018, what only 2011 asks, then ladders, survey and readiness."""
    if section in OTHERS:
        return 2 + OTHERS.index(section), ()
    edition, number = section_clause(section)
    return (1 if edition == "2011" else 0), clause_order(number)
