"""Plans that were made before packages and rules existed get theirs."""

from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    """A row of rules for each project, a package for each component in a phase, a link for each succession."""
    project_model = apps.get_model("projects", "Project")
    rules, package = apps.get_model("phases", "PlanRules"), apps.get_model("phases", "Package")
    link, activity = apps.get_model("phases", "ActivityLink"), apps.get_model("phases", "ProjectActivity")
    row = apps.get_model("phases", "PhaseActivity")
    for project in project_model.objects.order_by("pk").iterator():
        rules.objects.get_or_create(project=project)
        places = row.objects.filter(project=project).values_list("activity__component", "phase_number").distinct()
        package.objects.bulk_create(
            [package(project=project, component=code, phase_number=number) for code, number in places.order_by()],
            ignore_conflicts=True,
        )
        by_ref = dict(activity.objects.filter(project=project).values_list("ref", "pk"))
        pairs = activity.objects.filter(project=project).values_list("pk", "catalogue_activity__succeeds")
        link.objects.bulk_create(
            [
                link(project=project, before_id=by_ref[succeeds], after_id=pk, from_catalogue=True)
                for pk, succeeds in pairs
                if succeeds in by_ref
            ],
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):
    dependencies = [("phases", "0003_planning"), ("projects", "0003_planning")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
