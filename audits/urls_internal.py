"""Addresses of internal audits."""

from django.urls import URLPattern, path, register_converter

from audits.views import audit_points, audit_programmes, audits


class AuditRef:
    """The ref of an internal audit, such as `IA-01`: what else stands below `audits/` has a name."""

    regex = r"IA-[0-9]{2,6}"

    def to_python(self, value: str) -> str:
        """The ref as it is."""
        return value

    def to_url(self, value: object) -> str:
        """The ref as it is."""
        return str(value)


register_converter(AuditRef, "auditref")

AUDITS = "projects/<slug:slug>/audits"
PROGRAMMES = f"{AUDITS}/programmes"
AUDIT = f"{AUDITS}/<auditref:ref>"
POINT = f"{AUDIT}/points/<int:point>"

urlpatterns: list[URLPattern] = [
    path(f"{AUDITS}/", audit_programmes.listing, name="audits"),
    path(f"{AUDITS}/export/", audit_programmes.export, name="audits_export"),
    path(f"{AUDITS}/new/", audits.new, name="audit_new"),
    path(f"{PROGRAMMES}/new/", audit_programmes.new, name="programme_new"),
    path(f"{PROGRAMMES}/<int:pk>/", audit_programmes.change, name="programme_change"),
    path(f"{PROGRAMMES}/<int:pk>/propose/", audit_programmes.propose, name="programme_propose"),
    path(f"{PROGRAMMES}/<int:pk>/agree/", audit_programmes.agree, name="programme_agree"),
    path(f"{PROGRAMMES}/<int:pk>/close/", audit_programmes.close, name="programme_close"),
    path(f"{AUDIT}/", audits.page, name="audit"),
    path(f"{AUDIT}/export/", audits.export, name="audit_export"),
    path(f"{AUDIT}/change/", audits.change, name="audit_change"),
    path(f"{AUDIT}/team/", audits.team, name="audit_team"),
    path(f"{AUDIT}/begin/", audits.begin, name="audit_begin"),
    path(f"{AUDIT}/cancel/", audits.cancel, name="audit_cancel"),
    path(f"{AUDIT}/checklist/fill/", audits.fill, name="audit_fill"),
    path(f"{AUDIT}/checklist/add/", audits.add, name="audit_point_add"),
    path(f"{AUDIT}/report/", audit_points.report, name="audit_report"),
    path(f"{POINT}/", audit_points.point, name="audit_point"),
    path(f"{POINT}/drop/", audits.drop, name="audit_point_drop"),
    path(f"{POINT}/sample/", audit_points.sample, name="audit_sample"),
    path(f"{POINT}/draw/", audit_points.draw, name="audit_draw"),
    path(f"{POINT}/sample/<int:sample>/drop/", audit_points.unsample, name="audit_sample_drop"),
    path(f"{POINT}/finding/", audit_points.finding, name="audit_finding"),
]
