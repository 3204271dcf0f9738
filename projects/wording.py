"""How the trail says what happened to a project, its team and its parties."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audittrail.sentences import Facts, Part, day_text, object_name, phrase, register_wording
from projects.choices import ProjectRole


def _role(value: object) -> str:
    return ProjectRole(value).label.lower() if value in ProjectRole.values else str(value or "")


def say_project(facts: Facts) -> tuple[Part, ...] | None:
    """What was done to a project as a whole."""
    if facts.action == "create":
        return _say_start(facts)
    templates = {
        "add supplement": _("{actor} added the supplement for 2018 to the plan, with {count} phase activities"),
        "decline supplement": _("{actor} left the supplement for 2018 out of the plan"),
    }
    template = templates.get(facts.action)
    return phrase(template, actor=facts.actor, count=str(facts.after("supplement") or 0)) if template else None


def _say_start(facts: Facts) -> tuple[Part, ...]:
    extra = facts.after("supplement")
    template = (
        _("{actor} started the project {object} with {count} phase activities, and {extra} of the supplement")
        if extra
        else _("{actor} started the project {object} with {count} phase activities")
    )
    return phrase(
        template,
        actor=facts.actor,
        object=object_name(facts),
        count=str(facts.after("phase activities") or 0),
        extra=str(extra or 0),
    )


def say_membership(facts: Facts) -> tuple[Part, ...] | None:
    """Who got or lost which role in the project."""
    before, after = facts.pair("role")
    until = facts.after("until")
    person = object_name(facts)
    if facts.action == "grant role" and until:
        return phrase(
            _("{actor} made {object} {role} until {until}"),
            actor=facts.actor,
            object=person,
            role=_role(after),
            until=day_text(until),
        )
    if facts.action == "grant role":
        return phrase(_("{actor} made {object} {role}"), actor=facts.actor, object=person, role=_role(after))
    if facts.action == "end role":
        return phrase(
            _("{actor} ended the role of {object} as {role}"), actor=facts.actor, object=person, role=_role(before)
        )
    return None


def say_party(facts: Facts) -> tuple[Part, ...] | None:
    """A person or group that can be responsible was added."""
    if facts.action != "create":
        return None
    template = (
        _("{actor} added the group {object}")
        if facts.after("kind") == "group"
        else _("{actor} added {object} to those who can be responsible")
    )
    return phrase(template, actor=facts.actor, object=object_name(facts))


def say_invitation(facts: Facts) -> tuple[Part, ...] | None:
    """An offer of a role was made, taken or withdrawn."""
    templates = {
        "invite": _("{actor} invited {object} as {role}"),
        "accept": _("{object} accepted the invitation as {role}"),
        "revoke": _("{actor} withdrew the invitation of {object} as {role}"),
    }
    template = templates.get(facts.action)
    if template is None:
        return None
    before, after = facts.pair("role")
    return phrase(template, actor=facts.actor, object=object_name(facts), role=_role(after or before))


def register() -> None:
    """Let the trail speak of projects and people."""
    register_wording("project", say_project, title=gettext_lazy("Project"))
    register_wording("membership", say_membership, title=gettext_lazy("Team member"))
    register_wording("party", say_party, title=gettext_lazy("Responsible party"))
    register_wording("invitation", say_invitation, title=gettext_lazy("Invitation"))
