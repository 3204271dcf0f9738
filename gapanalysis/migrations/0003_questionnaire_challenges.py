from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('gapanalysis', '0002_answer_preview'),
    ]

    operations = [
        migrations.AddField(
            model_name='questionnaire',
            name='challenges',
            field=models.JSONField(default=list),
        ),
    ]
