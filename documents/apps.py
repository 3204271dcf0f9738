from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from documents import (
            blocks,
            closing,
            jobs,
            keeping,
            master_list,
            models,
            navigation,
            notices,
            panels,
            panels_given,
            panels_work,
            proof,
            recurring,
            register_wording,
            roles,
            wording,
        )
        from documents.selectors.talk import COMMENTED, document_cover, document_spots
        from notifications.registry import register_comment_cover, register_comment_spot
        from projects.verification import register_ownership

        roles.register()
        wording.register()
        navigation.register()
        panels.register()
        closing.register()
        master_list.register()
        jobs.register()
        keeping.register()
        recurring.register()
        register_wording.register()
        blocks.register()
        proof.register()
        notices.register()
        panels_work.register()
        panels_given.register()
        register_comment_spot(COMMENTED, document_spots)
        register_comment_cover(COMMENTED, document_cover)
        register_ownership(models.Document, "owner")
        register_ownership(models.DocumentVersion, "document", "file", "record", "paper")
        register_ownership(models.Author, "document_version")
        register_ownership(models.Approval, "document_version")
        register_ownership(models.DocumentAnswer, "document")
        register_ownership(models.Reading, "document_version", "reader")
        register_ownership(models.DocumentEvidence, "item", "document")
        register_ownership(models.Objective, "owner")
        register_ownership(models.PolicyExplanation, "document")
        register_ownership(models.ObjectiveValue, "objective")
        register_ownership(models.CommunicationLine, "sender")
        register_ownership(models.CompetenceNeed, "competence")
        register_ownership(models.CompetenceHeld, "competence", "party", "evidence")
