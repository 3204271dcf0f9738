"""Policies held against each other: scope, owner, approval, review date, edition, answers, completeness."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

_EDITION = re.compile(r"20000-1:\s?(\d{4})")
DAYS_OF_A_YEAR = 366


class Check(StrEnum):
    """What is compared: the checks of `fixtures/documents/data/policies.yaml` by key, in the order shown there."""

    SCOPE = "same-scope"
    NARROWER = "narrower-scope-said"
    OWNER = "one-owner"
    NOT_APPROVER = "owner-not-approver"
    PROCESS_OWNER = "process-owner-agrees"
    MANAGEMENT = "top-management-signs"
    REVIEW = "review-within-a-year"
    TOGETHER = "reviewed-together"
    AFTER = "after-the-one-above"
    EDITION = "same-edition"
    ANSWERS = "same-answers"
    COMPLETE = "all-there"


class Problem(StrEnum):
    """What is wrong with one policy."""

    NOT_BEGUN = "not begun"
    NOT_IN_FORCE = "not in force"
    NO_SCOPE = "no scope"
    LEAVES_OUT = "leaves out"
    BEYOND_SCOPE = "beyond scope"
    NO_OWNER = "no owner"
    OWNER_LEFT = "owner left"
    ROLE_OPEN = "role open"
    OTHER_ROLE = "other role"
    OWN_WORK = "own work"
    OTHER_PROCESS_OWNER = "other process owner"
    NOT_SIGNED = "not signed"
    REVIEW_LATE = "review late"
    REVIEW_FAR = "review far"
    OTHER_QUARTER = "other quarter"
    OLDER_THAN_FIRST = "older than first"
    OTHER_EDITION = "other edition"
    OTHER_ANSWER = "other answer"


#: What may stay as it is where somebody says why.
EXPLAINABLE = frozenset({Problem.LEAVES_OUT, Problem.OTHER_QUARTER, Problem.OLDER_THAN_FIRST, Problem.OTHER_ANSWER})
_SHOWN_HOLDERS = 2


@dataclass(frozen=True, slots=True)
class Scope:
    """What the project covers: its sentence, its services, what is left out, the edition of the standard."""

    sentence: str
    services: tuple[str, ...]
    left_out: tuple[str, ...]
    edition: str
    first_phase_is_over: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy as it stands. `text` is plain; `holders` are who holds the role that it names as owner's.

    Of the version in force: `own_work` are its approvers who wrote it and were not free to, `is_signed` says whether
    top management approved it (None where nobody has to). `process_owner` answers for the process that it is about.
    `answers` are by question.
    """

    key: str
    is_required: bool
    is_begun: bool = False
    text: str = ""
    owner: str = ""
    owner_is_here: bool = True
    owner_role: str = ""
    holders: frozenset[str] = frozenset()
    in_force_since: date | None = None
    review_on: date | None = None
    is_policy: bool = True
    title: str = ""
    own_work: tuple[str, ...] = ()
    is_signed: bool | None = None
    process: str = ""
    process_owner: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not fit: in which policy, and what is named in the words of it (`named`, and `more` by name).

    `about` is what an explanation of it is given for: with another one, it no longer explains.
    """

    check: Check
    policy: str
    problem: Problem
    named: str = ""
    about: str = ""
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_explainable(self) -> bool:
        """Whether it may stay where somebody says why."""
        return self.problem in EXPLAINABLE


def check_policies(policies: Sequence[Policy], scope: Scope, today: date, *, first: str) -> list[Finding]:
    """All that does not fit, by check. `first` is the policy that the others follow from."""
    begun = [each for each in policies if each.is_begun]
    above = next((each.in_force_since for each in begun if each.key == first), None)
    quarter = common_quarter([each.review_on for each in begun if each.in_force_since and each.review_on])
    found: list[Finding] = []
    for each in policies:
        found += _complete(each, scope)
    for each in begun:
        found += [
            *_scope(each, scope),
            *_owner(each),
            *_signed(each),
            *_review(each, today, quarter, above),
            *_edition(each, scope),
        ]
    found += _answers(begun)
    order = list(Check)
    return sorted(found, key=lambda finding: order.index(finding.check))


def quarter_of(day: date) -> tuple[int, int]:
    """The year and the quarter of a day."""
    return day.year, (day.month + 2) // 3


def common_quarter(days: Collection[date | None]) -> tuple[int, int] | None:
    """The quarter in which most of `days` fall, the earliest of those; None for fewer than two days."""
    counts = Counter(quarter_of(day) for day in days if day is not None)
    if sum(counts.values()) < 2:
        return None
    most = max(counts.values())
    return min(quarter for quarter, count in counts.items() if count == most)


def _complete(policy: Policy, scope: Scope) -> list[Finding]:
    if not policy.is_required:
        return []
    if not policy.is_begun:
        return [Finding(Check.COMPLETE, policy.key, Problem.NOT_BEGUN)]
    if policy.in_force_since is None and scope.first_phase_is_over:
        return [Finding(Check.COMPLETE, policy.key, Problem.NOT_IN_FORCE)]
    return []


def _scope(policy: Policy, scope: Scope) -> list[Finding]:
    # A procedure names one service in passing without leaving out the others.
    if not policy.text or not policy.is_policy:
        return []
    text = _plain(policy.text)
    found = [
        Finding(Check.SCOPE, policy.key, Problem.BEYOND_SCOPE, name)
        for name in scope.left_out
        if _names(text, name) and _plain(name) not in map(_plain, scope.services)
    ]
    if scope.sentence and _plain(scope.sentence) in text:
        return found
    missing = [name for name in scope.services if not _names(text, name)]
    if missing and len(missing) < len(scope.services):
        left = ", ".join(missing)
        found.append(Finding(Check.NARROWER, policy.key, Problem.LEAVES_OUT, left, about=left))
    elif missing and policy.is_required:
        # A policy that names no service at all holds for all of them; the required ones say so.
        found.append(Finding(Check.SCOPE, policy.key, Problem.NO_SCOPE))
    return found


def _owner(policy: Policy) -> list[Finding]:
    problem, named = None, ""
    if not policy.owner:
        problem = Problem.NO_OWNER
    elif not policy.owner_is_here:
        problem, named = Problem.OWNER_LEFT, policy.owner
    elif policy.owner_role and not policy.holders:
        problem, named = Problem.ROLE_OPEN, policy.owner_role
    elif policy.owner_role and policy.owner not in policy.holders:
        problem, named = Problem.OTHER_ROLE, _some(sorted(policy.holders))
    found = [Finding(Check.OWNER, policy.key, problem, named)] if problem else []
    if policy.owner and policy.process_owner not in ("", policy.owner):
        more = {"process": policy.process}
        found.append(
            Finding(Check.PROCESS_OWNER, policy.key, Problem.OTHER_PROCESS_OWNER, policy.process_owner, more=more)
        )
    return found


def _some(names: Sequence[str]) -> str:
    """The first of `names`, and how many more there are: a role that half the team holds makes no long sentence."""
    more = len(names) - _SHOWN_HOLDERS
    shown = ", ".join(names[:_SHOWN_HOLDERS])
    return f"{shown} +{more}" if more > 0 else shown


def _signed(policy: Policy) -> list[Finding]:
    found = []
    if policy.own_work:
        found.append(Finding(Check.NOT_APPROVER, policy.key, Problem.OWN_WORK, ", ".join(policy.own_work)))
    if policy.is_signed is False:
        found.append(Finding(Check.MANAGEMENT, policy.key, Problem.NOT_SIGNED))
    return found


def _review(policy: Policy, today: date, quarter: tuple[int, int] | None, above: date | None) -> list[Finding]:
    since, review = policy.in_force_since, policy.review_on
    if since is None:
        return []
    found = []
    if review is None or (review - since).days > DAYS_OF_A_YEAR:
        found.append(Finding(Check.REVIEW, policy.key, Problem.REVIEW_FAR))
    elif review < today:
        found.append(Finding(Check.REVIEW, policy.key, Problem.REVIEW_LATE))
    elif quarter is not None and quarter_of(review) != quarter:
        # Somebody who says why it is looked at in autumn has said so for next autumn too.
        own = f"Q{quarter_of(review)[1]}"
        named = f"{quarter[0]} Q{quarter[1]}"
        found.append(Finding(Check.TOGETHER, policy.key, Problem.OTHER_QUARTER, named, about=own))
    if above is not None and since < above:
        found.append(Finding(Check.AFTER, policy.key, Problem.OLDER_THAN_FIRST, about=above.isoformat()))
    return found


def _answers(policies: Sequence[Policy]) -> list[Finding]:
    """Questions that two policies answer differently: said of the later one, with what the first says."""
    found = []
    said: dict[str, Policy] = {}
    for policy in policies:
        for question, answer in sorted(policy.answers.items()):
            other = said.setdefault(question, policy)
            before = other.answers[question]
            if _plain(before) == _plain(answer):
                continue
            more = {"own": answer, "other": before, "title": other.title}
            about = f"{question}: {answer} / {before}"
            found.append(Finding(Check.ANSWERS, policy.key, Problem.OTHER_ANSWER, question, about=about, more=more))
    return found


def _edition(policy: Policy, scope: Scope) -> list[Finding]:
    others = sorted({year for year in _EDITION.findall(policy.text) if year != scope.edition})
    return [Finding(Check.EDITION, policy.key, Problem.OTHER_EDITION, ", ".join(others))] if others else []


def _plain(text: str) -> str:
    """Without the signs that keep Markdown literal, in one line and small letters."""
    return " ".join(text.replace("\\", "").split()).casefold()


def _names(text: str, name: str) -> bool:
    """Whether `name` stands in `text` as a word of its own."""
    wanted = _plain(name)
    return bool(wanted) and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", text) is not None
