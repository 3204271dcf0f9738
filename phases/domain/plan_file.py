"""A plan in a file: its columns, and why a row of it cannot be taken. No Django."""

from common.marked_rows import Columns

PLAN = Columns(
    keys=("ref", "phase"),
    editable=("status", "reason", "responsible_party", "due", "operating_since", "note"),
    fixed=("component", "title", "nature", "key", "responsible_roles", "contributors", "start", "part"),
    units={"status": "status", "reason": "status", "operating_since": "status"},
)
KEYS, EDITABLE, FIXED = PLAN.keys, PLAN.editable, PLAN.fixed

# Why a row cannot be taken, beside what `common.marked_rows` has.
NO_PHASE, NOT_A_DAY, NOT_A_STATUS, NOT_A_PARTY = "no phase", "not a day", "not a status", "not a party"
