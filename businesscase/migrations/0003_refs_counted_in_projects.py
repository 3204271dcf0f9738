"""Refs of all apps are counted in one place: the numbers go there, and none is given out again."""

from django.db import migrations, models


def move(apps, schema_editor):
    here, there = apps.get_model("businesscase", "RefCounter"), apps.get_model("projects", "RefCounter")
    for project, name, last in here.objects.values_list("project_id", "name", "last"):
        there.objects.create(project_id=project, name=name, last=last)


def move_back(apps, schema_editor):
    here, there = apps.get_model("businesscase", "RefCounter"), apps.get_model("projects", "RefCounter")
    mine = there.objects.filter(models.Q(name="R") | models.Q(name__contains=" "))
    for project, name, last in mine.values_list("project_id", "name", "last"):
        here.objects.create(project_id=project, name=name, last=last)
    mine.delete()


class Migration(migrations.Migration):

    dependencies = [
        ("businesscase", "0002_cost_preview"),
        ("projects", "0005_ref_counters"),
    ]

    operations = [
        migrations.RunPython(move, move_back),
        migrations.DeleteModel("RefCounter"),
    ]
