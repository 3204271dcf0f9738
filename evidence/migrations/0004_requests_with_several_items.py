"""A request may be given several items. What was given so far goes along."""

import common.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def keep_what_was_given(apps, _schema_editor):
    """One link for each request that had its item."""
    link = apps.get_model("evidence", "RequestEvidence")
    given = apps.get_model("evidence", "EvidenceRequest").objects.exclude(item=None)
    link.objects.bulk_create(
        link(project_id=row.project_id, request_id=row.pk, item_id=row.item_id) for row in given.iterator()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0003_retention"),
        ("projects", "0004_calendar_feeds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RequestEvidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("note", models.CharField(blank=True, max_length=300)),
                ("added_at", models.DateTimeField(default=common.clock.now)),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)s_links",
                        to="evidence.evidenceitem",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="projects.project"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence_links",
                        to="evidence.evidencerequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("item", "request"), name="evidence_of_request_once"),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="evidencerequest",
            index=models.Index(fields=["state", "due"], name="evidence_request_due"),
        ),
        migrations.RunPython(keep_what_was_given, migrations.RunPython.noop),
    ]
