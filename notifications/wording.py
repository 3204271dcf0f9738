"""How the trail says that somebody commented, whatever the comment is on."""

from django.utils.translation import gettext as _

from audittrail.sentences import Facts, Part, object_name, phrase, register_act_wording, short


def say_comment(facts: Facts) -> tuple[Part, ...] | None:
    """The comment, cut to a line; the trail keeps it whole."""
    return phrase(
        _("{actor} commented on {object}: “{comment}”"),
        actor=facts.actor,
        object=object_name(facts),
        comment=short(facts.after("comment")),
    )


def register() -> None:
    """Let the trail speak of comments."""
    register_act_wording("comment", say_comment)
