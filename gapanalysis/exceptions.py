"""What loading a questionnaire may raise."""

from common.content import ContentError


class QuestionnaireError(ContentError):
    """A questionnaire pack is not sound; the message names the file and the row."""
