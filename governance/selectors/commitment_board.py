"""Proof of top management's commitment from what the committee did: decisions, meetings, actions, objectives, risks."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from businesscase.models import Risk
from common import clock
from documents.choices import ObjectiveState
from documents.models import Objective
from governance.choices import ActionState, DecisionKind, DecisionState, MeetingState, Presence
from governance.models import Action, Attendance, Decision, Seat
from governance.registries import Asked, Proof
from governance.selectors import oversight_of
from governance.selectors.commitment_papers import said_by

LOOKED_AT = timedelta(days=92)


def _place(asked: Asked, name: str, *args: str) -> str:
    return reverse(name, args=[asked.project.slug, *args])


def decisions(asked: Asked) -> Mapping[str, Sequence[Proof]]:
    """What the committee decided with people at the top taking part. Two queries."""
    found: dict[str, list[Proof]] = defaultdict(list)
    rows = (
        Decision.objects.filter(project=asked.project, state__in=(DecisionState.DECIDED, DecisionState.REOPENED))
        .exclude(decided_at=None)
        .defer("frozen", "background", "without_it")
        .select_related("decided_by")
        .prefetch_related(Prefetch("seats", Seat.objects.select_related("member")))
    )
    for row in rows:
        took_part = {seat.member_id: seat.member for seat in row.seats.all() if seat.choice}
        if row.decided_by is not None:
            took_part.setdefault(row.decided_by.pk, row.decided_by)
        leaders = [who for pk, who in took_part.items() if asked.leaders.role_at(pk, row.decided_at)]
        if not leaders:
            continue
        proof = Proof(
            _("%(ref)s %(title)s: %(outcome)s")
            % {"ref": row.ref, "title": row.title, "outcome": row.get_outcome_display().lower()},
            row.decided_on,
            "; ".join(said_by(asked, who, row.decided_at) for who in leaders),
            _place(asked, "decision", row.ref),
        )
        found["4.1.1.1-b"].append(proof)
        if row.kind == DecisionKind.GATE:
            found["4.1.1.1-a"].append(proof)
    return found


def meetings(asked: Asked) -> Mapping[str, Sequence[Proof]]:
    """Meetings that people at the top came to, and packs that they had before. One query."""
    there: dict[str, list[Attendance]] = defaultdict(list)
    rows = Attendance.objects.filter(
        project=asked.project, presence=Presence.PRESENT, meeting__state=MeetingState.HELD
    ).select_related("meeting", "person")
    for row in rows:
        if asked.leaders.role_at(row.person_id, row.meeting.starts_at):
            there[row.meeting.ref].append(row)
    came, reported = [], []
    for ref, present in there.items():
        meeting = present[0].meeting
        day = clock.day_of(meeting.starts_at, asked.project.time_zone)
        who = "; ".join(said_by(asked, row.person, meeting.starts_at) for row in present)
        words = (
            _("%(ref)s, minutes approved") if meeting.minutes_approved_at else _("%(ref)s, minutes not approved yet")
        )
        url = _place(asked, "meeting", ref)
        came.append(Proof(_("Meeting %(what)s") % {"what": words % {"ref": ref}}, day, who, url))
        if meeting.pack_sent_at is not None:
            sent = clock.day_of(meeting.pack_sent_at, asked.project.time_zone)
            reported.append(
                Proof(
                    _("Board pack of %(day)s, read for %(ref)s") % {"day": date_format(sent, "j M Y"), "ref": ref},
                    sent,
                    who,
                    url,
                )
            )
        elif meeting.minutes_approved_at is not None:
            reported.append(Proof(_("Where the project stands, reported to %(ref)s") % {"ref": ref}, day, who, url))
    return {"4.1.1.2-a": came, "4.1.1.1-f": reported}


def own_part(asked: Asked) -> Mapping[str, Sequence[Proof]]:
    """The terms of the committee, and actions that people at the top did themselves. Two queries."""
    proofs = []
    oversight = oversight_of(asked.project)
    if oversight is not None and oversight.agreed_on is not None:
        proofs.append(
            Proof(
                _("Roles and authorities of %(committee)s agreed") % {"committee": oversight.committee.name},
                oversight.agreed_on,
                "",
                _place(asked, "committee"),
            )
        )
    rows = Action.objects.filter(
        project=asked.project, state=ActionState.DONE, done_by__in=asked.leaders.people
    ).select_related("done_by")
    proofs += [
        Proof(
            _("Done: %(ref)s %(text)s") % {"ref": row.ref, "text": row.text},
            row.done_on,
            str(row.done_by),
            _place(asked, "actions"),
        )
        for row in rows
    ]
    return {"4.1.1.1-b": proofs}


def objectives(asked: Asked) -> Mapping[str, Sequence[Proof]]:
    """Objectives with their newest value; those that were met. Two queries."""
    rows = (
        Objective.objects.filter(project=asked.project)
        .exclude(state=ObjectiveState.DROPPED)
        .select_related("owner")
        .prefetch_related("values")
    )
    proofs = []
    for row in rows:
        values = list(row.values.all())
        if not values:
            continue
        last = values[-1]
        facts = {
            "title": row.title,
            "value": _number(last.value),
            "target": _number(row.target),
            "unit": f" {row.unit}" if row.unit else "",
            "month": date_format(last.month, "F Y"),
        }
        words = (
            _("Met: %(title)s")
            if row.state == ObjectiveState.MET
            else _("%(title)s: %(value)s%(unit)s in %(month)s, target %(target)s")
        )
        day = clock.day_of(last.said_at, asked.project.time_zone)
        proofs.append(Proof(words % facts, day, str(row.owner or ""), _place(asked, "objective", row.key)))
    return {"4.1.1.1-g": proofs}


def risks(asked: Asked) -> Mapping[str, Sequence[Proof]]:
    """How many open risks were looked at in the last quarter, and those that people at the top hold. One query."""
    rows = list(Risk.objects.filter(project=asked.project).open().select_related("owner"))
    if not rows:
        return {}
    zone = asked.project.time_zone
    since = clock.today(zone) - LOOKED_AT
    days = {row.pk: clock.day_of(row.assessed_at, zone) for row in rows}
    of_late: list[date] = [day for day in days.values() if day > since]
    proofs = [
        Proof(
            _("%(n)d of %(m)d open risks assessed in the last three months") % {"n": len(of_late), "m": len(rows)},
            max(days.values()),
            "",
            _place(asked, "risks"),
        )
    ]
    proofs += [
        Proof(
            _("Held by the top: %(ref)s %(title)s") % {"ref": row.ref, "title": row.title},
            days[row.pk],
            str(row.owner),
            _place(asked, "risk", row.ref),
        )
        for row in rows
        if row.owner is not None and row.owner.user_id in asked.leaders.people
    ]
    return {"4.1.1.1-h": proofs}


def _number(value: Decimal) -> str:
    return number_format(value.normalize() if value % 1 else value.to_integral_value())
