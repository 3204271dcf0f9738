"""Who may call what: every route of the application, by hand, so that the code cannot agree with itself.

`EVERYBODY` are the roles that a person can hold in a project; the owner of the organization may do what a manager
may. Whoever holds no role in a project gets 404 for all of it. A route that is not here fails the build.
"""

from dataclasses import dataclass

MANAGER = frozenset({"olga", "mara"})
EVERYBODY = frozenset({"olga", "mara", "toma", "chen", "cora", "petra", "tim", "audra"})
WRITERS = EVERYBODY - {"audra"}
TRAIL_READERS = EVERYBODY - {"tim"}
CASE_READERS = EVERYBODY - {"tim"}
CASE_DECIDERS = frozenset({"olga", "toma", "chen"})
STRANGERS = frozenset({"carl", "nina", "bruno"})


@dataclass(frozen=True)
class Rule:
    """For a project's route: who may GET and who may POST it (empty: nobody, the method answers 405)."""

    get: frozenset[str] = frozenset()
    post: frozenset[str] = frozenset()


PUBLIC = {
    "healthz": ("GET",),
    "readyz": ("GET",),
    "invitation": ("GET", "POST"),
    "calendar_feed": ("GET",),
    "mail_unsubscribe": ("GET", "POST"),
}

SIGNED_IN = {
    "home": ("GET",),
    "my_work": ("GET",),
    "calendars": ("GET",),
    "wizard": ("GET", "POST"),
    "wizard_step": ("GET", "POST"),
    "catalogues": ("GET",),
    "catalogue": ("GET",),
    "catalogue_activity": ("GET",),
    "catalogue_component": ("GET",),
    "catalogue_components": ("GET",),
    "catalogue_clauses": ("GET",),
    "catalogue_compare": ("GET",),
    "catalogue_initiation": ("GET",),
    "catalogue_natures": ("GET",),
    "catalogue_outcomes": ("GET",),
    "catalogue_phase": ("GET",),
    "catalogue_phases": ("GET",),
    "catalogue_print": ("GET",),
    "catalogue_role": ("GET",),
    "catalogue_roles": ("GET",),
    "jobs": ("GET",),
    "job_result": ("GET",),
    "job": ("GET",),
    "job_state": ("GET",),
    "job_cancel": ("POST",),
    "job_retry": ("POST",),
    "installation_jobs": ("GET",),
    "installation_run": ("POST",),
    "mail_settings": ("GET", "POST"),
}

PROJECT = {
    "dashboard": Rule(get=EVERYBODY),
    "dashboard_chart": Rule(get=EVERYBODY),
    "report": Rule(get=EVERYBODY),
    "dashboard_arrange": Rule(post=EVERYBODY),
    "plan_export": Rule(post=EVERYBODY),
    "plan_download": Rule(get=EVERYBODY),
    "plan_import": Rule(get=WRITERS, post=WRITERS),
    "plan_preview": Rule(get=WRITERS, post=WRITERS),
    "baselines": Rule(get=EVERYBODY, post=MANAGER),
    "baseline_compare": Rule(get=EVERYBODY),
    "baseline_export": Rule(get=EVERYBODY),
    "board": Rule(get=EVERYBODY),
    "activity_comments_read": Rule(post=EVERYBODY),
    "activity_said": Rule(post=WRITERS),
    "board_export": Rule(get=EVERYBODY),
    "board_bulk": Rule(post=WRITERS),
    "phase_end": Rule(get=EVERYBODY, post=MANAGER),
    "row_round": Rule(post=WRITERS),
    "row_rhythm": Rule(post=MANAGER),
    "row_whole": Rule(post=MANAGER),
    "phase_state": Rule(post=MANAGER),
    "row": Rule(get=EVERYBODY),
    "row_status": Rule(post=WRITERS),
    "row_party": Rule(post=MANAGER),
    "row_contributors": Rule(get=MANAGER, post=MANAGER),
    "row_due": Rule(post=MANAGER),
    "row_note": Rule(post=WRITERS),
    "work_row": Rule(get=EVERYBODY),
    "work_status": Rule(post=WRITERS),
    "work_round": Rule(post=WRITERS),
    "work_undo": Rule(post=WRITERS),
    "work_comment": Rule(post=WRITERS),
    "activity": Rule(get=EVERYBODY),
    "activity_comment": Rule(post=WRITERS),
    "plan": Rule(get=EVERYBODY),
    "plan_print": Rule(get=EVERYBODY),
    "plan_packages_export": Rule(get=EVERYBODY),
    "plan_recompute": Rule(get=EVERYBODY, post=MANAGER),
    "plan_phases": Rule(get=EVERYBODY, post=MANAGER),
    "plan_move": Rule(get=EVERYBODY, post=MANAGER),
    "plan_rules": Rule(get=EVERYBODY, post=MANAGER),
    "plan_links": Rule(get=EVERYBODY, post=MANAGER),
    "plan_package": Rule(get=EVERYBODY, post=MANAGER),
    "plan_packages": Rule(post=MANAGER),
    "role_map": Rule(get=EVERYBODY, post=MANAGER),
    "role_map_components": Rule(get=EVERYBODY),
    "role_map_component": Rule(get=EVERYBODY, post=MANAGER),
    "role_map_role": Rule(get=EVERYBODY, post=MANAGER),
    "role_map_unassigned": Rule(get=EVERYBODY),
    "role_map_suggestions": Rule(get=MANAGER, post=MANAGER),
    "raci": Rule(get=EVERYBODY),
    "raci_export": Rule(get=EVERYBODY),
    "workload": Rule(get=EVERYBODY),
    "workload_export": Rule(get=EVERYBODY),
    "project_catalogue": Rule(get=EVERYBODY, post=MANAGER),
    "tailoring": Rule(get=EVERYBODY),
    "tailoring_export": Rule(get=EVERYBODY),
    "tailoring_leave": Rule(get=EVERYBODY, post=MANAGER),
    "tailoring_own": Rule(get=EVERYBODY, post=MANAGER),
    "tailoring_own_one": Rule(get=EVERYBODY, post=MANAGER),
    "tailoring_places": Rule(get=EVERYBODY, post=MANAGER),
    "tailoring_parts": Rule(get=EVERYBODY, post=MANAGER),
    "tailoring_undo": Rule(get=TRAIL_READERS, post=MANAGER),
    "tailoring_return": Rule(get=EVERYBODY, post=MANAGER),
    "search": Rule(get=EVERYBODY),
    "project_calendar": Rule(get=EVERYBODY, post=EVERYBODY),
    "project_calendar_file": Rule(get=EVERYBODY),
    "project_widen": Rule(get=EVERYBODY, post=frozenset({"olga"})),
    "plan_approach": Rule(get=EVERYBODY, post=MANAGER),
    "supplement": Rule(get=EVERYBODY, post=MANAGER),
    "case_start": Rule(post=MANAGER),
    "case_points": Rule(get=CASE_READERS),
    "case_point": Rule(get=CASE_READERS, post=MANAGER),
    "case_line_new": Rule(get=MANAGER, post=MANAGER),
    "case_line": Rule(get=CASE_READERS, post=MANAGER),
    "case_settings": Rule(get=CASE_READERS, post=MANAGER),
    "small_point": Rule(get=CASE_READERS, post=MANAGER),
    "small_line_new": Rule(get=MANAGER, post=MANAGER),
    "small_line": Rule(get=CASE_READERS, post=MANAGER),
    "small_settings": Rule(get=CASE_READERS, post=MANAGER),
    "small_start": Rule(post=MANAGER),
    "small_case": Rule(get=CASE_READERS),
    **{
        f"{prefix}_{name}": rule
        for prefix in ("case", "small")
        for name, rule in {
            "submit": Rule(get=MANAGER, post=MANAGER),
            "release": Rule(get=CASE_READERS, post=CASE_DECIDERS),
            "versions": Rule(get=CASE_READERS),
            "version": Rule(get=CASE_READERS),
            "compare": Rule(get=CASE_READERS),
            "decide": Rule(get=CASE_READERS, post=CASE_DECIDERS),
            "withdraw": Rule(get=CASE_READERS, post=MANAGER),
            "replace": Rule(get=CASE_READERS, post=MANAGER),
            "condition": Rule(get=CASE_READERS, post=MANAGER),
        }.items()
    },
    "case_print": Rule(get=CASE_READERS),
    "case_pdf": Rule(post=CASE_READERS),
    "small_print": Rule(get=CASE_READERS),
    "small_pdf": Rule(post=CASE_READERS),
    "evidence": Rule(get=EVERYBODY),
    "evidence_export": Rule(get=EVERYBODY),
    "evidence_link": Rule(post=WRITERS),
    "evidence_new": Rule(get=WRITERS, post=WRITERS),
    "evidence_item": Rule(get=EVERYBODY),
    "evidence_change": Rule(get=MANAGER, post=MANAGER),
    "evidence_revise": Rule(post=WRITERS),
    "evidence_withdraw": Rule(post=WRITERS),
    "evidence_prove": Rule(post=WRITERS),
    "evidence_unprove": Rule(post=WRITERS),
    "evidence_file": Rule(get=EVERYBODY),
    "case_workbook": Rule(get=CASE_READERS),
    "small_workbook": Rule(get=CASE_READERS),
    "gap": Rule(get=EVERYBODY),
    "gap_assessment": Rule(get=EVERYBODY),
    "gap_new": Rule(get=MANAGER, post=MANAGER),
    "gap_challenges": Rule(get=EVERYBODY),
    "gap_targets": Rule(get=EVERYBODY, post=MANAGER),
    "gap_proposals": Rule(get=EVERYBODY, post=MANAGER),
    "gap_state": Rule(post=MANAGER | {"chen"}),
    "gap_change": Rule(get=MANAGER, post=MANAGER),
    "gap_assessors": Rule(get=EVERYBODY, post=MANAGER),
    "gap_workbook": Rule(get=EVERYBODY),
    "gap_import": Rule(get=EVERYBODY, post=WRITERS),
    "gap_import_preview": Rule(get=WRITERS, post=WRITERS),
    "gap_answer_first": Rule(get=EVERYBODY),
    "gap_answer": Rule(get=EVERYBODY, post=WRITERS),
    "gap_answer_here": Rule(post=WRITERS),
    "gap_answer_comment": Rule(post=WRITERS),
    "gap_answer_comments_read": Rule(post=EVERYBODY),
    "gap_answer_said": Rule(post=WRITERS),
    "gap_confirm": Rule(get=EVERYBODY, post=WRITERS),
    "gap_results": Rule(get=EVERYBODY),
    "gap_results_print": Rule(get=EVERYBODY),
    "gap_results_export": Rule(get=EVERYBODY),
    "gap_compare": Rule(get=EVERYBODY),
    "gap_compare_export": Rule(get=EVERYBODY),
    "risks": Rule(get=EVERYBODY),
    "risks_export": Rule(get=EVERYBODY),
    "risks_typical": Rule(get=WRITERS),
    "risk_new": Rule(get=WRITERS, post=WRITERS),
    "risk": Rule(get=EVERYBODY),
    "risk_change": Rule(get=WRITERS, post=WRITERS),
    "risk_review": Rule(post=WRITERS),
    "risk_settle": Rule(post=WRITERS),
    "risk_costs": Rule(get=MANAGER, post=MANAGER),
    "risk_comment": Rule(post=WRITERS),
    "risk_comments_read": Rule(post=EVERYBODY),
    "risk_said": Rule(post=WRITERS),
    "team": Rule(get=EVERYBODY),
    "team_invite": Rule(get=MANAGER, post=MANAGER),
    "team_revoke": Rule(post=MANAGER),
    "team_grant": Rule(get=MANAGER, post=MANAGER),
    "team_end": Rule(get=MANAGER, post=MANAGER),
    "party_new": Rule(get=MANAGER, post=MANAGER),
    "party": Rule(get=MANAGER, post=MANAGER),
    "project_settings": Rule(get=EVERYBODY, post=MANAGER),
    "trail": Rule(get=TRAIL_READERS),
    "trail_export": Rule(get=TRAIL_READERS),
}

# An organization's pages: its members and those of its projects see it, its owners and consultants act for it.
MEMBERS = EVERYBODY | {"carl"}
STAFF = frozenset({"olga", "carl"})
OUTSIDERS = frozenset({"nina", "bruno"})
ORGANIZATION = {
    "calendar": Rule(get=MEMBERS, post=STAFF),
    "calendar_propose": Rule(get=STAFF, post=STAFF),
    "wording": Rule(get=MEMBERS, post=STAFF),
    "wording_preview": Rule(get=STAFF, post=STAFF),
    "wording_remove": Rule(get=STAFF, post=STAFF),
}

# Pages of packages, with rules of their own, tested in tests/accounts.
PACKAGES = ("account_", "mfa_", "admin")
DEBUG_ONLY = {"gallery"}
