"""Moving a project to a newer version of its catalogue or supplement. What was done and said about the work stays."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_events
from common.exceptions import RuleBroken, StaleWrite
from phases.choices import Status
from phases.domain.versions import version_key
from phases.models import CatalogueActivity, Phase, PhaseActivity, ProjectActivity
from phases.selectors.catalogue import ActivityText, CatalogueTexts, texts_for
from phases.selectors.moving import Move, NewActivity, Step, move_of
from phases.services.ground import ground_of
from phases.services.make_rows import Planned, add_phases, make_rows
from phases.services.reasons import check_reason
from phases.services.rows import Target, change_status, key_of
from phases.services.telling import tell_new_rows
from projects.models import Project
from projects.services.guards import require_capability, write_versioned

Mark = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person wants of a newer version.

    `take` are refs of new activities, `take_marks` new phases of activities that the plan has; the others are left.
    `drop_marks` are phases in which the version no longer asks for an activity: the row becomes not applicable, the
    others stay. `leave_out` maps an activity that the version no longer has to the reason why it is not applicable;
    the others stay as activities of the plan's own.
    """

    take: Collection[str] = ()
    take_marks: Collection[Mark] = ()
    drop_marks: Collection[Mark] = ()
    leave_out: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def move_to_version(*, acting_user: User | None, project: Project, step: Step, choices: Choices, seen: str) -> Project:
    """Pin the plan to `step.target` and carry out `choices`. Status, notes, people and dates of all rows stay.

    `seen` is the digest of the `Move` that the choices were made from. One event on the project, and one for each
    row that is new or changes. Where the plan stands on `step.target` already, what it once left can be taken.
    Raises RuleBroken for an older version, for nothing to do, for a choice that the move does not offer, and (field
    "why:REF") for a reason without words; StaleWrite where plan or version have changed since; whatever a change of
    status raises. Then nothing has changed.
    """
    require_capability(acting_user, "phases.tailor", project)
    Project.objects.select_for_update().get(pk=project.pk)
    project.refresh_from_db()
    if version_key(step.target.version) < version_key(step.pinned.version):
        raise RuleBroken(_("This plan stands on a newer version already. A plan never goes back to an older one."))
    if not _stands_on(project, step):
        raise _stale(project, step, choices)
    move = move_of(project, step)
    if move.digest != seen:
        raise _stale(project, step, choices)
    _check(move, choices)
    before = {gone.text.ref: gone.text.title for gone in move.removed}
    _pin(project, step)
    texts = texts_for(project)
    drafts = _keep_rows(project, move, texts)
    _leave_out(acting_user, project, move, choices)
    drafts += _new_rows(acting_user, project, move, choices, texts)
    changes: dict[str, Any] = {
        "supplement" if step.is_supplement else "catalogue": [_name(step.pinned), _name(step.target)],
        "sha256": [step.pinned.sha256, step.target.sha256],
        "taken": _refs(each.text.ref for each in move.added if each.text.ref in choices.take),
        "left": _refs(each.text.ref for each in move.added if each.text.ref not in choices.take),
        "phases taken": _marks(choices.take_marks),
        "phases left": _marks(
            (each.text.ref, each.phase)
            for each in move.marks_added
            if (each.text.ref, each.phase) not in choices.take_marks
        ),
        "phases dropped": _marks(choices.drop_marks),
        "kept as own": _refs(ref for ref in before if ref not in choices.leave_out),
        "not applicable": _refs(choices.leave_out),
    }
    said = {name: value for name, value in changes.items() if value}
    drafts.insert(0, Draft("move to version", "project", project.slug, project.name, said))
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=drafts)
    return project


def _name(catalogue: Any) -> str:
    return f"{catalogue.pack} {catalogue.version}"


def _refs(refs: Any) -> str:
    return ", ".join(sorted(refs))


def _marks(marks: Any) -> str:
    return ", ".join(f"{ref}@{number}" for ref, number in sorted(marks))


def _stands_on(project: Project, step: Step) -> bool:
    if step.is_supplement:
        return (project.supplement_pack, project.supplement_version) == (step.pinned.pack, step.pinned.version)
    return (project.catalogue_pack, project.catalogue_version) == (step.pinned.pack, step.pinned.version)


def _stale(project: Project, step: Step, choices: Choices) -> StaleWrite:
    """What was sent, word for word: reasons took somebody time to write."""
    version = project.supplement_version if step.is_supplement else project.catalogue_version
    sent = {_("Version"): step.target.version}
    if choices.take:
        sent[_("Take")] = _refs(choices.take)
    if choices.take_marks:
        sent[_("Take in a further phase")] = _marks(choices.take_marks)
    if choices.drop_marks:
        sent[_("Drop in a phase")] = _marks(choices.drop_marks)
    for ref, reason in choices.leave_out.items():
        sent[_("Why %(ref)s is not applicable") % {"ref": ref}] = reason
    return StaleWrite(
        _("The plan or the version changed meanwhile, so the list of what is new is another one now."),
        current={_("Version"): version},
        sent=sent,
    )


def _check(move: Move, choices: Choices) -> None:
    takeable = {each.text.ref for each in move.added if each.phases}
    marks = {(each.text.ref, each.phase) for each in move.marks_added if not each.is_closed}
    dropped = {(each.text.ref, each.row.phase) for each in move.marks_removed if each.row.can_drop}
    gone = {each.text.ref for each in move.removed if each.droppable}
    for wanted, offered in (
        (set(choices.take), takeable),
        (set(choices.take_marks), marks),
        (set(choices.drop_marks), dropped),
        (set(choices.leave_out), gone),
    ):
        if not wanted <= offered:
            raise RuleBroken(_("One of the choices is not offered by this version. Reload the page."))
    for ref, reason in choices.leave_out.items():
        check_reason(reason, field=f"why:{ref}")
    if not move.step.is_newer and not choices.take:
        raise RuleBroken(_("Nothing is chosen, and the plan stands on this version already."))


def _pin(project: Project, step: Step) -> None:
    prefix = "supplement" if step.is_supplement else "catalogue"
    target = step.target
    write_versioned(
        project,
        version=project.version,
        values={
            f"{prefix}_pack": target.pack,
            f"{prefix}_version": target.version,
            f"{prefix}_sha256": target.sha256,
        },
        shown={_("Version"): step.pinned.version},
        sent={_("Version"): target.version},
    )


def _keep_rows(project: Project, move: Move, texts: CatalogueTexts) -> list[Draft]:
    """Let the plan's activities stand in the new version; those it lacks become the plan's own."""
    ids = dict(CatalogueActivity.objects.filter(catalogue=move.step.target).values_list("ref", "pk"))
    gone = {each.pk: each for each in move.removed}
    drafts = []
    rows = list(
        ProjectActivity.objects.filter(
            project=project, is_supplement=move.step.is_supplement, catalogue_activity__isnull=False
        ).select_related("part_of")
    )
    for row in rows:
        whole = row.part_of or row
        left = gone.get(whole.pk)
        if left is not None:
            _keep(row, left.text)
            changes = {"from catalogue": [f"{_name(move.step.pinned)} {row.ref}", None]}
            drafts.append(Draft("keep as own", "activity", row.ref, "", changes))
            continue
        said = _follow(row, texts.activities[whole.ref], ids[whole.ref])
        if said:
            drafts.append(Draft("change", "activity", row.ref, "", said))
    fields = ["catalogue_activity", "title", "component", "position", "nature", "is_key"]
    fields += ["roles", "description", "clauses_2011", "clauses_2018", "effort"]
    ProjectActivity.objects.bulk_update(rows, fields, batch_size=100)
    return drafts


def _keep(row: ProjectActivity, text: ActivityText) -> None:
    """Let `row` say by itself what its text said: no catalogue does any more."""
    row.catalogue_activity_id, row.title = None, row.title or text.title
    row.roles, row.description, row.effort = list(text.roles), text.guidance, text.effort
    row.clauses_2011, row.clauses_2018 = list(text.clauses_2011), list(text.clauses_2018)


def _follow(row: ProjectActivity, text: ActivityText, source: int) -> dict[str, Any]:
    """Let `row` say what its text says; returns what that changes for whoever plans."""
    said: dict[str, Any] = {}
    for name, before, after in (
        ("component", row.component, text.component),
        ("nature", row.nature, text.nature),
        ("key", row.is_key, text.is_key),
    ):
        if before != after:
            said[name] = [before, after]
    row.catalogue_activity_id = source
    row.component, row.position, row.nature, row.is_key = text.component, text.position, text.nature, text.is_key
    return said


def _leave_out(acting_user: User | None, project: Project, move: Move, choices: Choices) -> None:
    """Mark rows as not applicable by the same path as a person does on the board, with the trail and its checks."""
    reasons: dict[str, list[Target]] = {}

    def note(reason: str, gone: Collection[Any]) -> None:
        reasons.setdefault(reason.strip(), []).extend(Target(row.pk, row.version) for row in gone)

    for each in move.removed:
        if each.text.ref in choices.leave_out:
            note(choices.leave_out[each.text.ref], each.droppable)
    for mark in move.marks_removed:
        if (mark.text.ref, mark.row.phase) in choices.drop_marks:
            reason = _("Version %(version)s of the catalogue no longer asks for it in phase %(phase)d.")
            note(reason % {"version": move.step.target.version, "phase": mark.row.phase}, [mark.row])
    for reason, targets in reasons.items():
        change_status(
            acting_user=acting_user,
            project=project,
            targets=targets,
            status=Status.NOT_APPLICABLE,
            text=reason,
        )


def _new_rows(
    acting_user: User | None, project: Project, move: Move, choices: Choices, texts: CatalogueTexts
) -> list[Draft]:
    taken = [each for each in move.added if each.text.ref in choices.take]
    phases = list(Phase.objects.filter(project=project).order_by("number"))
    fresh = [each for each in taken if each.own is None]
    made: list[PhaseActivity] = []
    drafts: list[Draft] = []
    if fresh:
        planned = [Planned(texts.activities[each.text.ref], each.phases) for each in fresh]
        made += make_rows(project, planned, texts, [move.step.target], ground_of(project, phases, texts))
    pairs, said = _further(project, move, choices, [each for each in taken if each.own is not None], texts)
    drafts += said
    if pairs:
        made += add_phases(project, pairs, ground_of(project, phases, texts))
    tell_new_rows(project, acting_user, made)
    drafts += [
        Draft(
            "add from catalogue",
            "phase activity",
            key_of(row),
            "",
            {"due": [None, row.due], "responsible party": [None, row.accountable.name if row.accountable else None]},
        )
        for row in made
    ]
    return drafts


def _further(
    project: Project, move: Move, choices: Choices, returning: list[NewActivity], texts: CatalogueTexts
) -> tuple[list[tuple[ProjectActivity, ActivityText, int]], list[Draft]]:
    """New phases of activities that the plan has, and of own ones that become the catalogue's again."""
    wanted = [each for each in move.marks_added if (each.text.ref, each.phase) in choices.take_marks]
    own = [each.own for each in returning if each.own is not None]
    rows = ProjectActivity.objects.in_bulk([*(each.activity for each in wanted), *own])
    pairs = [(rows[each.activity], texts.activities[each.text.ref], each.phase) for each in wanted]
    drafts = []
    ids = dict(CatalogueActivity.objects.filter(catalogue=move.step.target).values_list("ref", "pk")) if own else {}
    existing = set(
        PhaseActivity.objects.filter(project=project, activity__in=own).values_list("activity_id", "phase_number")
    )
    for each in returning:
        row = rows[each.own or 0]
        text = texts.activities[each.text.ref]
        _follow(row, text, ids[row.ref])
        row.title = ""
        row.save()
        changes = {"from catalogue": [None, f"{_name(move.step.target)} {row.ref}"]}
        drafts.append(Draft("rejoin catalogue", "activity", row.ref, "", changes))
        pairs += [(row, text, number) for number in each.phases if (row.pk, number) not in existing]
    return pairs, drafts
