"""Keys of evidence are counted where all refs are: the numbers go there, and none is given out again."""

from django.db import migrations


def move(apps, schema_editor):
    here, there = apps.get_model("evidence", "EvidenceCounter"), apps.get_model("projects", "RefCounter")
    for project, letter, last in here.objects.values_list("project_id", "letter", "last"):
        there.objects.create(project_id=project, name=letter, last=last)


def move_back(apps, schema_editor):
    here, there = apps.get_model("evidence", "EvidenceCounter"), apps.get_model("projects", "RefCounter")
    mine = there.objects.filter(name__in=["E", "Q"])
    for project, letter, last in mine.values_list("project_id", "name", "last"):
        here.objects.create(project_id=project, letter=letter, last=last)
    mine.delete()


class Migration(migrations.Migration):

    dependencies = [
        ("evidence", "0001_initial"),
        ("projects", "0005_ref_counters"),
    ]

    operations = [
        migrations.RunPython(move, move_back),
        migrations.DeleteModel("EvidenceCounter"),
    ]
