"""How the trail says that somebody commented, asked or answered, whatever it is on."""

from django.utils.translation import gettext_lazy as _

from audittrail.sentences import Facts, Part, Say, object_name, phrase, register_act_wording, short


def _say(template: object) -> Say:
    """Texts are cut to a line; the trail keeps them whole."""

    def say(facts: Facts) -> tuple[Part, ...] | None:
        return phrase(
            str(template),
            actor=facts.actor,
            object=object_name(facts),
            comment=short(facts.after("comment")),
            before=short(facts.before("comment")),
            question=short(facts.after("question")),
            asked=short(facts.after("asked")),
        )

    return say


SENTENCES = {
    "comment": _("{actor} commented on {object}: “{comment}”"),
    "ask": _("{actor} asked {asked} on {object}: “{comment}”"),
    "answer": _("{actor} answered “{question}” on {object}: “{comment}”"),
    "mark answered": _("{actor} marked the question “{question}” on {object} as answered"),
    "reopen question": _("{actor} reopened the question “{question}” on {object}"),
    "edit comment": _("{actor} changed a comment on {object} from “{before}” to “{comment}”"),
    "withdraw comment": _("{actor} withdrew a comment on {object}: “{before}”"),
}


def register() -> None:
    """Let the trail speak of comments and questions."""
    for action, template in SENTENCES.items():
        register_act_wording(action, _say(template))
