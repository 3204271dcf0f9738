"""The one item of a request is among those that were given for it: in a step of its own, after they were copied."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("evidence", "0004_requests_with_several_items")]

    operations = [migrations.RemoveField(model_name="evidencerequest", name="item")]
