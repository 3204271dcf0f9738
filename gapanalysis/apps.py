from django.apps import AppConfig


class GapanalysisConfig(AppConfig):
    name = "gapanalysis"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from common.cleaning import register_cleaning
        from common.content import register_content
        from common.verification import register_check
        from evidence.registries import register_link_kind
        from gapanalysis import closing, models, navigation, panels, report_job, roles, verification, wording
        from gapanalysis.selectors.talk import COMMENTED, answer_spots
        from gapanalysis.services.answer_import import drop_old_previews
        from gapanalysis.services.proof import ANSWERS
        from gapanalysis.services.questionnaires import load_questionnaire
        from notifications.registry import register_comment_spot
        from projects.verification import register_ownership

        roles.register()
        navigation.register()
        panels.register()
        closing.register()
        wording.register()
        report_job.register()
        register_comment_spot(COMMENTED, answer_spots)
        register_content("questionnaires", "questionnaire.yaml", load_questionnaire)
        register_link_kind("answer", ANSWERS, order=10)
        register_cleaning("answer-previews", "Previews of imported answers", drop_old_previews)
        register_check("locked-assessments", "Locked assessments", verification.check_locked, order=35)
        register_ownership(models.Assessor, "assessment", "party")
        register_ownership(models.Answer, "assessment")
        register_ownership(models.AnswerEvidence, "item", "answer")
        register_ownership(models.Finding, "answer", "owner")
        register_ownership(models.Presence, "assessment", "answer")
        register_ownership(models.Proposal, "assessment", "answer")
        register_ownership(models.AnswerPreview, "assessment")
