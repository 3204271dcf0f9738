from django.apps import AppConfig


class GapanalysisConfig(AppConfig):
    name = "gapanalysis"
    default_auto_field = "django.db.models.BigAutoField"
