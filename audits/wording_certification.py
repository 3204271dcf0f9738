"""How the trail says what was done on the way to the certificate, with what comes round, and with services."""

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from audittrail.sentences import Facts, Part, day_text, object_name, phrase, register_wording, short

Words = Mapping[str, str | Promise]
_WAY: Words = {
    "choose": gettext_lazy("{actor} chose how conformity is shown: {object}"),
    "begin": gettext_lazy("{actor} began the statement {object}"),
}
_BODY: Words = {
    "ask": gettext_lazy("{actor} put the certification body {object} on the list"),
    "change": gettext_lazy("{actor} changed what is known of the certification body {object}"),
    "choose": gettext_lazy("{actor} chose the certification body {object}"),
    "decline": gettext_lazy("{actor} did not choose the certification body {object}"),
}
_AUDIT: Words = {
    "plan all": gettext_lazy("{actor} planned the audits of a round of certification"),
    "plan": gettext_lazy("{actor} planned the audit {object}, from {from}"),
    "change": gettext_lazy("{actor} changed the audit {object}"),
    "book": gettext_lazy("{actor} booked the audit {object}"),
    "hold": gettext_lazy("{actor} recorded that the audit {object} was held: {outcome}"),
    "cancel": gettext_lazy("{actor} called the audit {object} off"),
}
_CYCLE: Words = {
    "seed": gettext_lazy("{actor} took over {entries} entries into the calendar of operation"),
    "add": gettext_lazy("{actor} put {object} into the calendar of operation"),
    "change": gettext_lazy("{actor} changed {object} in the calendar of operation"),
    "rest": gettext_lazy("{actor} let {object} rest in the calendar of operation"),
    "take up": gettext_lazy("{actor} took up {object} again in the calendar of operation"),
    "do": gettext_lazy("{actor} said that {object} was done; it comes again on {next}"),
}
_SERVICE: Words = {
    "begin": gettext_lazy("{actor} began with the service {object}"),
    "change": gettext_lazy("{actor} changed what is said of the service {object}"),
    "step": gettext_lazy("{actor} took a step with the service {object}: {step}"),
    "go live": gettext_lazy("{actor} recorded that the service {object} is live"),
    "stop": gettext_lazy("{actor} stopped the work on the service {object}"),
    "take up": gettext_lazy("{actor} took up the service {object} again"),
    "show": gettext_lazy("{actor} chose the service {object} as the case that is shown to auditors"),
}
_DAYS = ("from", "next")


def _say(words: Words, *names: str) -> Callable[[Facts], tuple[Part, ...] | None]:
    """What says `words` by action; `names` are the changes that they speak of."""

    def say(facts: Facts) -> tuple[Part, ...] | None:
        if facts.action not in words:
            return None
        text = str(words[facts.action])
        values = {
            name: day_text(facts.after(name)) if name in _DAYS else short(facts.after(name))
            for name in names
            if f"{{{name}}}" in text
        }
        return phrase(text, actor=facts.actor, object=object_name(facts), **values)

    return say


def _by_label(key: str, label: str) -> str:
    return label or key


def _by_both(key: str, label: str) -> str:
    return f"{key} {label}" if label else key


def register() -> None:
    """Let the trail speak of them."""
    register_wording("certification", _say(_WAY), title=gettext_lazy("Way to the certificate"), name=_by_label)
    register_wording("certification body", _say(_BODY), title=gettext_lazy("Certification body"), name=_by_label)
    register_wording(
        "external audit", _say(_AUDIT, "from", "outcome"), title=gettext_lazy("Audit by others"), name=_by_both
    )
    register_wording(
        "cycle entry", _say(_CYCLE, "entries", "next"), title=gettext_lazy("Calendar of operation"), name=_by_label
    )
    register_wording(
        "service change", _say(_SERVICE, "step"), title=gettext_lazy("New or changed service"), name=_by_both
    )
