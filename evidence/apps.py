from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "evidence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from common.cleaning import register_cleaning
        from common.verification import register_check
        from evidence import (
            asking,
            guards,
            jobs,
            models,
            navigation,
            notices,
            panels,
            panels_requests,
            previews,
            reminder_jobs,
            roles,
            verification,
            wording,
        )
        from evidence.services.disposal import remove_disposed_files
        from evidence.services.uploads import drop_old_uploads
        from projects.verification import register_ownership

        roles.register()
        wording.register()
        asking.register()
        guards.register()
        navigation.register()
        panels.register()
        jobs.register()
        panels_requests.register()
        notices.register()
        reminder_jobs.register()
        register_cleaning("incoming-files", "Files that never came in whole", drop_old_uploads)
        register_cleaning("evidence-previews", "Previews of evidence made long ago", previews.drop_old)
        register_cleaning("disposed-files", "Files of evidence that was disposed of", remove_disposed_files)
        register_check("evidence", "Evidence as it was taken in", verification.check_files, order=20)
        register_check("evidence-orphans", "Files without evidence", verification.check_orphans, order=21)
        register_ownership(models.EvidenceItem, "owner", "revision")
        register_ownership(models.Revision, "item")
        register_ownership(models.ActivityEvidence, "item", "activity")
        register_ownership(models.ClauseEvidence, "item")
        register_ownership(models.EvidenceRequest, "asked_of", "activity")
        register_ownership(models.RequestEvidence, "item", "request")
        register_ownership(models.Disposal, "item")
