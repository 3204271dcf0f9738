"""Events in plain sentences.

    Petra Pohl set CH.i in phase 2 from in progress to done.

Higher apps say how their kinds of objects read: they register wordings in `AppConfig.ready()`. What nobody has
worded falls back to a sentence of what changed. No queries: everything stands in the event.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.utils import dateformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audittrail.models import Event
from common.registry import Registry

LONGEST_VALUE = 80
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Part:
    """A run of a sentence. `role` is actor, object, value or, for the words between, empty."""

    text: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """An event in words; `reason` is what the person gave as one, in their own words."""

    parts: tuple[Part, ...]
    actor: str
    at: datetime
    reason: str = ""

    @property
    def text(self) -> str:
        """The whole sentence as plain text."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Facts:
    """What an event says, as wordings read it. `disposed` where its content was lawfully removed."""

    seq: int
    at: datetime
    action: str
    kind: str
    key: str
    actor_id: int | None
    actor: str
    label: str = ""
    via: str = ""
    reason: str = ""
    correlation_id: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)
    disposed: bool = False

    def pair(self, name: str) -> tuple[Any, Any]:
        """What `name` was and became; for a new object the first is None."""
        value = self.changes.get(name)
        # A new object's list of two is a value; everywhere else it is before and after.
        if isinstance(value, list) and len(value) == 2 and self.action != "create":
            return value[0], value[1]
        return None, value

    def before(self, name: str) -> Any:
        """What `name` was."""
        return self.pair(name)[0]

    def after(self, name: str) -> Any:
        """What `name` became."""
        return self.pair(name)[1]


Say = Callable[[Facts], tuple[Part, ...] | None]
SayMany = Callable[[Facts, int], tuple[Part, ...] | None]
Name = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Wording:
    """How one kind of object reads: its title in filters, what one of them is called, what was done to it.

    `name(key, label)` names an object; `say(facts)` gives the parts of a sentence, or None for an act that it has
    no words for; `say_many(facts, count)` does so for the same act on `count` objects at once.
    """

    title: str | Promise
    name: Name
    say: Say
    say_many: SayMany | None = None


wordings: Registry[Wording] = Registry("trail wordings")
act_wordings: Registry[Say] = Registry("trail wordings of acts")


def register_wording(
    kind: str,
    say: Say,
    *,
    title: str | Promise = "",
    name: Name | None = None,
    say_many: SayMany | None = None,
) -> None:
    """Let `say` word the events on objects of `kind` (see `Wording`)."""
    wordings.register(kind, Wording(title or kind.capitalize(), name or _plain_name, say, say_many))


def register_act_wording(action: str, say: Say) -> None:
    """Let `say` word an act that can be done to objects of any kind, such as a comment."""
    act_wordings.register(action, say)


def _wording(kind: str) -> Wording | None:
    return wordings[kind] if kind in wordings else None  # noqa: SIM401 (a registry has no get)


def _plain_name(key: str, label: str) -> str:
    return label or key


def title_of(kind: str) -> str:
    """What a kind of object is called in a filter."""
    wording = _wording(kind)
    return str(wording.title) if wording is not None else kind.capitalize()


def object_name(facts: Facts) -> str:
    """What the object of an event is called."""
    wording = _wording(facts.kind)
    return (wording.name if wording is not None else _plain_name)(facts.key, facts.label)


def phrase(template: str, **values: Part | str) -> tuple[Part, ...]:
    """The parts of `template`, whose places `{name}` take `values`: `actor` as who acted, `object` as what it
    was done to, others as values. Braces inside a value stay what they are.
    """
    parts = []
    for place, piece in enumerate(_PLACE.split(template)):
        if place % 2:
            value = values[piece]
            role = piece if piece in ("actor", "object") else "value"
            parts.append(value if isinstance(value, Part) else Part(value, role))
        elif piece:
            parts.append(Part(piece))
    return tuple(parts)


def day_text(value: object, *, year: bool = True) -> str:
    """A recorded date (YYYY-MM-DD) as 6 Nov 2026; anything else as it is."""
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return dateformat.format(day, "j M Y" if year else "j M")


def shown(value: Any) -> str:
    """A recorded value as a person reads it, whole."""
    if value is None or value == "" or value == []:
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {shown(item)}" for key, item in value.items())
    text = str(value)
    if _DAY.fullmatch(text):
        return day_text(text)
    if _INSTANT.fullmatch(text):
        instant = datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)
        return _("%(instant)s UTC") % {"instant": dateformat.format(instant, "j M Y H:i")}
    return text


def short(value: Any) -> str:
    """`shown`, cut to what fits into a sentence."""
    text = " ".join(shown(value).split())
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1].rstrip() + "…"


def field_title(name: str) -> str:
    """A recorded field's name as words."""
    return name.replace("_", " ")


def facts_of(event: Event, names: Mapping[int, str] | None = None) -> Facts:
    """What `event` says. `names` (by user id) name the person where the content was disposed of."""
    content = event.content
    known = (names or {}).get(event.actor_id, "") if event.actor_id is not None else ""
    fallback = known or (_("somebody") if event.actor_id is not None else "system")
    return Facts(
        seq=event.seq,
        at=event.at,
        action=event.action,
        kind=event.kind,
        key=event.key,
        actor_id=event.actor_id,
        actor=content.get("actor") or fallback,
        label=content.get("label", ""),
        via=content.get("via", ""),
        reason=content.get("reason", ""),
        correlation_id=content.get("correlation_id", ""),
        changes=content.get("changes", {}),
        disposed=event.payload is None,
    )


def sentence(event: Event, names: Mapping[int, str] | None = None) -> Sentence:
    """`event` in words."""
    return sentence_of(facts_of(event, names))


def sentence_of(facts: Facts) -> Sentence:
    """`facts` in words."""
    return Sentence(_parts(facts), facts.actor, facts.at, facts.reason)


def _parts(facts: Facts) -> tuple[Part, ...]:
    if facts.disposed:
        return phrase(
            _("{actor} acted on {object}; what was recorded has been disposed of"),
            actor=facts.actor,
            object=object_name(facts),
        )
    said = act_wordings[facts.action](facts) if facts.action in act_wordings else None
    wording = _wording(facts.kind)
    if said is None and wording is not None:
        said = wording.say(facts)
    return said if said is not None else generic(facts)


_PAST: dict[str, str | Promise] = {
    "accept": gettext_lazy("accepted"),
    "change": gettext_lazy("changed"),
    "close": gettext_lazy("closed"),
    "comment": gettext_lazy("commented on"),
    "create": gettext_lazy("created"),
    "delete": gettext_lazy("removed"),
    "end": gettext_lazy("ended"),
    "load": gettext_lazy("loaded"),
    "remove": gettext_lazy("removed"),
    "revoke": gettext_lazy("withdrew"),
    "send": gettext_lazy("sent"),
    "start": gettext_lazy("started"),
}


def generic(facts: Facts) -> tuple[Part, ...]:
    """The sentence of an act that nobody has worded: the act, the object, and what changed."""
    done = _PAST.get(facts.action)
    named = phrase(
        _("{actor} {did} {kind} {object}"),
        actor=facts.actor,
        did=Part(str(done) if done else _("recorded “%(act)s” on") % {"act": facts.action}),
        kind=Part(title_of(facts.kind).lower()),
        object=object_name(facts),
    )
    said = [
        part
        for name in facts.changes
        if isinstance(facts.changes[name], list) and facts.action != "create" and not is_technical(name)
        for part in (Part(", "), *_change(facts, name))
    ]
    return (*named, Part(": "), *said[1:]) if said else named


def _change(facts: Facts, name: str) -> tuple[Part, ...]:
    before, after = facts.pair(name)
    return phrase(
        _("{field} from {before} to {after}"),
        field=Part(field_title(name)),
        before=short(before),
        after=short(after),
    )


def is_technical(name: str) -> bool:
    """Whether a recorded field is for machines: sentences leave it out, the details show it."""
    return name.endswith((" id", "_id", "sha256"))


def sentence_of_many(facts: Facts, count: int) -> Sentence:
    """One sentence for the same act on `count` objects at once, of which `facts` is one."""
    wording = _wording(facts.kind)
    said = wording.say_many(facts, count) if wording is not None and wording.say_many is not None else None
    if said is None:
        done = _PAST.get(facts.action)
        said = phrase(
            _("{actor} {did} {objects}"),
            actor=facts.actor,
            did=Part(str(done) if done else _("recorded “%(act)s” on") % {"act": facts.action}),
            objects=ngettext("%(count)d object", "%(count)d objects", count) % {"count": count},
        )
    return Sentence(said, facts.actor, facts.at, facts.reason)
