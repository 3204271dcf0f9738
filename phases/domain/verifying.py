"""What nobody verifies of their own work, however small the provider. No Django."""

from collections.abc import Collection

AUDIT_COMPONENT, AUDIT_ROLE = "MM", "Audit"
# Activities outside that component which the catalogue gives to auditors.
AUDIT_REFS = ("MR.h.3", "MR.h.4", "IP.f", "IP.g")


def is_audit(ref: str, component: str, roles: Collection[str] = ()) -> bool:
    """Whether an activity (or a part of it) audits or reviews the management system."""
    return component == AUDIT_COMPONENT or ref.partition("/")[0] in AUDIT_REFS or AUDIT_ROLE in roles
