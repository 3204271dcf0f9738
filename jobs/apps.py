from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from common.cleaning import register_cleaning
        from common.verification import register_check
        from jobs import verification
        from jobs.services import clean_up

        register_check("job-results", "Results of jobs", verification.check_results, order=40)
        register_check("job-files", "Files of jobs", verification.check_strays, order=41)
        register_cleaning("job-results", _("Results of jobs"), clean_up.drop_expired_results)
        register_cleaning("job-rows", _("Old jobs"), clean_up.drop_old_rows)
        register_cleaning("job-files", _("Files that belong to no job"), clean_up.drop_stray_files)
