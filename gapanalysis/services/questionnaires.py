"""Loading questionnaire packs."""

from pathlib import Path

from django.db import transaction

from audittrail.services import Draft, record_installation_event
from common import clock
from gapanalysis.content import read_questionnaire
from gapanalysis.exceptions import QuestionnaireError
from gapanalysis.models import Question, Questionnaire


@transaction.atomic
def load_questionnaire(*, folder: Path) -> tuple[Questionnaire, bool]:
    """Load the pack in `folder`; returns it and whether it is new here.

    A version that was loaded before is left as it is. Raises QuestionnaireError where its files have changed since,
    because assessments are pinned to what a version said, and where the pack is not sound.
    """
    pack = read_questionnaire(folder)
    existing = Questionnaire.objects.filter(pack=pack.meta["pack"], version=pack.meta["version"]).first()
    if existing is not None:
        names = {*pack.files, *existing.files}
        changed = sorted(name for name in names if pack.files.get(name) != existing.files.get(name))
        if changed:
            raise QuestionnaireError(
                f"{folder.name}: version {existing.version} was released and loaded; {', '.join(changed)} "
                "differ from it. A change needs a new version in questionnaire.yaml."
            )
        return existing, False
    loaded = Questionnaire.objects.create(
        **{name: pack.meta[name] for name in ("pack", "version", "title", "licence")},
        sha256=pack.sha256,
        files=pack.files,
        challenges=list(pack.challenges),
        loaded_at=clock.now(),
    )
    Question.objects.bulk_create(
        Question(
            questionnaire=loaded,
            instrument=entry.instrument,
            ref=entry.ref,
            position=position,
            section=entry.section,
            text=entry.text,
            why=entry.why,
            look_for=list(entry.look_for),
            typical_gap=entry.typical_gap,
            evidence=list(entry.evidence),
            activities=list(entry.activities),
            components=list(entry.components),
            clauses_2011=list(entry.clauses_2011),
            clauses_2018=list(entry.clauses_2018),
            is_small=entry.is_small,
            extra=entry.extra,
        )
        for position, entry in enumerate(pack.entries, start=1)
    )
    record_installation_event(
        acting_user=None,
        draft=Draft(
            "load",
            "questionnaire",
            f"{loaded.pack} {loaded.version}",
            loaded.title,
            {"sha256": loaded.sha256, "questions": len(pack.entries), "challenges": len(pack.challenges)},
        ),
    )
    return loaded, True
