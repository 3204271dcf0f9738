"""Calling the members to a decision, and what each of them says."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from governance.choices import Choice
from governance.models import Decision, Seat
from governance.selectors import members_of
from governance.services.decision_telling import tell_called, tell_of_decision
from governance.services.decisions import open_decision
from governance.services.texts import lines
from projects.services.guards import require_capability, write_versioned


@transaction.atomic
def call_members(*, acting_user: User | None, decision: Decision, version: int) -> Decision:
    """Give each member of the committee a seat in the decision, and ask for their word. One trail event.

    Called again before anybody has answered, the seats are those of today's members. Raises NotPermitted,
    AlreadyDecided, StaleWrite, RuleBroken where nobody sits on the committee or somebody has answered.
    """
    project = decision.project
    require_capability(acting_user, "governance.prepare", project)
    fresh = open_decision(decision)
    members = members_of(project)
    if not members:
        raise RuleBroken(_("Nobody sits on the committee yet. Give people the roles of chair and member first."))
    before = Seat.objects.filter(decision=fresh)
    if before.exclude(choice="").exists():
        raise RuleBroken(_("The members are called, and somebody has answered already."))
    before.delete()
    write_versioned(fresh, version=version, values={"called_at": clock.now()}, shown={}, sent={})
    Seat.objects.bulk_create(
        [Seat(project=project, decision=fresh, member=user, is_chair=chairs) for user, chairs in members]
    )
    people = [user for user, _chairs in members]
    tell_of_decision(acting_user, fresh, "call", {"members": [None, [str(each) for each in people]]})
    tell_called(fresh, acting_user, people)
    return fresh


@transaction.atomic
def cast_vote(*, acting_user: User, decision: Decision, version: int, choice: str, words: str = "") -> Seat:
    """Say for, against or abstain; it can be changed until the decision is recorded. One trail event.

    `version` is that of the seat as the person saw it. Raises NotPermitted for who is no member (any more),
    AlreadyDecided after the close, StaleWrite where they have answered meanwhile, RuleBroken for who was not called,
    for no choice, and for a no without words.
    """
    require_capability(acting_user, "governance.vote", decision.project)
    fresh = open_decision(decision)
    seat = Seat.objects.filter(decision=fresh, member=acting_user).first()
    if fresh.called_at is None:
        raise RuleBroken(_("The members are not called to %(ref)s yet.") % {"ref": fresh.ref})
    if seat is None:
        raise RuleBroken(
            _("You were not called to %(ref)s: you joined the committee after the call.") % {"ref": fresh.ref}
        )
    if choice not in Choice.values:
        raise RuleBroken(_("Choose for, against or abstain."), field="choice")
    needed = _("Say why you are against: your words are kept with the decision.") if choice == Choice.AGAINST else ""
    said = lines(words, "words", 2000, needed=needed)
    if seat.version != version:
        raise StaleWrite(
            _("You have answered already: %(choice)s. Nothing was changed; open the decision to change your answer.")
            % {"choice": str(Choice(seat.choice).label).lower()}
            if seat.choice
            else _("The members were called anew meanwhile. Nothing was changed; read what is asked, then answer."),
            current={_("Answer"): seat.get_choice_display(), _("Words"): seat.words},
            sent={_("Answer"): str(Choice(choice).label), _("Words"): said},
        )
    if (seat.choice, seat.words) == (choice, said):
        return seat
    before = seat.choice
    write_versioned(
        seat,
        version=version,
        values={"choice": choice, "words": said, "cast_at": clock.now()},
        shown={},
        sent={},
    )
    tell_of_decision(acting_user, fresh, "vote", {"vote": [before or None, choice]}, reason=said)
    return seat
