"""How the trail says what happened to the role map."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audittrail.sentences import Facts, phrase, register_wording, short
from audittrail.sentences import Part as Words
from phases.choices import Part


def _who(name: Any) -> str:
    return str(name) if name else _("nobody")


def say_role(facts: Facts) -> tuple[Words, ...] | None:
    """What was done to an entry of the role map; its key is "role / component"."""
    role, _slash, component = facts.key.rpartition(" / ")
    where = Words(
        _("in all components") if component == "all components" else _("in component %(code)s") % {"code": component}
    )
    if facts.action == "set further parties":
        after = facts.after("further parties") or {}
        listed = ", ".join(
            f"{name} ({Part(part).label if part in Part.values else part})" for name, part in after.items()
        )
        return phrase(
            _("{actor} set who else takes part in the role {object} {where}: {parties}"),
            actor=facts.actor,
            object=role or facts.key,
            where=where,
            parties=listed or _("nobody"),
        )
    if facts.action != "set role":
        return None
    before, after = facts.pair("party")
    if not after:
        return phrase(
            _("{actor} took the role {object} {where} from {before}"),
            actor=facts.actor,
            object=role or facts.key,
            where=where,
            before=_who(before),
        )
    return phrase(
        _("{actor} gave the role {object} {where} to {after} (was {before})"),
        actor=facts.actor,
        object=role or facts.key,
        where=where,
        after=_who(after),
        before=_who(before),
    )


def say_roles(facts: Facts, count: int) -> tuple[Words, ...] | None:
    """Several entries of the role map set at once."""
    roles = Words(ngettext("%(count)d role", "%(count)d roles", count) % {"count": count}, "object")
    return phrase(_("{actor} set {object} in the role map"), actor=facts.actor, object=roles)


def _map_entry(key: str, label: str) -> str:
    return label or short(key)


def register() -> None:
    """Let the trail speak of the role map."""
    register_wording("role map", say_role, title=gettext_lazy("Role map"), name=_map_entry, say_many=say_roles)
