"""What was published for a later day before there was a state for it: let it wait for that day."""

from django.db import migrations

from common import clock
from documents.domain.numbers import month_after


def let_wait(apps, schema_editor):
    """Schedule versions that say they are in force and whose day lies ahead; what they took the place of holds again.

    One on whose document another version is on its way stays: there is room for one. Its record was pinned too early:
    it no longer counts, and another is pinned on the day.
    """
    version_model = apps.get_model("documents", "DocumentVersion")
    early = version_model.objects.filter(state="published", effective_on__gt=clock.today("Pacific/Midway"))
    for version in early.select_related("document__project", "record").iterator():
        if version.effective_on <= clock.today(version.document.project.time_zone):
            continue
        others = version_model.objects.filter(document_id=version.document_id).exclude(pk=version.pk)
        if others.filter(state__in=("draft", "in review", "approved", "scheduled")).exists():
            continue
        record = version.record
        version.state, version.record = "scheduled", None
        version.version += 1
        version.save(update_fields=["state", "record", "version"])
        if record is not None:
            apps.get_model("documents", "DocumentEvidence").objects.filter(item_id=record.pk).delete()
            _set(record, state="withdrawn", left_at=clock.now(), state_reason="Pinned before its day; pinned anew then.")
        document, review_on = version.document, None
        before = others.filter(state="obsolete", obsolete_at__gte=version.published_at).order_by("-pk").first()
        if before is not None:
            _set(before, state="published", obsolete_at=None)
            for item in (before.record, before.paper):
                if item is not None and item.state == "withdrawn":
                    _set(item, state="current", left_at=None, state_reason="")
            if before.effective_on is not None:
                review_on = month_after(before.effective_on, document.review_months)
        _set(document, review_on=review_on)


def _set(row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*values, "version"])


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0004_scheduled_and_explained'),
        ('evidence', '0007_files_on_their_way'),
    ]

    operations = [migrations.RunPython(let_wait, migrations.RunPython.noop)]
