from django.apps import AppConfig


class BusinesscaseConfig(AppConfig):
    name = "businesscase"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from businesscase import (
            blocks,
            closing,
            jobs,
            models,
            navigation,
            notices,
            panels_dashboard,
            panels_decisions,
            panels_money,
            panels_risks,
            paper_job,
            risk_words,
            roles,
            verification,
            wording,
        )
        from businesscase.selectors.risk_search import RISKS
        from businesscase.selectors.risk_talk import COMMENTED, risk_spots
        from businesscase.services.cost_import import drop_old_previews
        from common.cleaning import register_cleaning
        from common.verification import register_check
        from gapanalysis.registries import register_challenge_part
        from notifications.registry import register_comment_spot
        from phases.registries import register_search_part
        from projects.verification import register_ownership

        roles.register()
        blocks.register()
        navigation.register()
        wording.register()
        risk_words.register()
        panels_risks.register()
        register_search_part("risks", RISKS, order=30)
        register_comment_spot(COMMENTED, risk_spots)
        register_challenge_part("risks", panels_risks.CHALLENGE_PART)
        notices.register()
        panels_decisions.register()
        paper_job.register()
        closing.register()
        panels_money.register()
        jobs.register()
        panels_dashboard.register()
        register_check("case-versions", "Versions of business cases", verification.check_versions, order=36)
        for row in (
            models.CaseSection,
            models.InterestedParty,
            models.CaseVersion,
            models.PhaseMoney,
            models.Simulation,
        ):
            register_ownership(row, "case")
        register_ownership(models.CostLine, "case", "risk")
        register_ownership(models.BenefitLine, "case", "confirmed_by")
        register_ownership(models.Assumption, "case", "owner")
        register_ownership(models.Measure, "case", "owner")
        register_ownership(models.Risk, "owner")
        register_ownership(models.Approval, "case_version")
        register_ownership(models.Condition, "approval")
        register_ownership(models.Release, "case_version")
        register_ownership(models.ActualCost, "case", "cost_line")
        register_ownership(models.ActualBenefit, "benefit_line")
        register_ownership(models.CostPreview, "case")
        register_cleaning("cost-previews", "Previews of imported costs", drop_old_previews)
