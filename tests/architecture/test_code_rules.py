"""Rules of the code that no linter knows."""

import ast

from tests.architecture.parsed import calls, imported_names, product_files, resolved, tree

_AUDITED_APPS = {"phases", "projects"}
_MAY_WRITE_IN_BULK = {"services", "management", "models"}
_BULK_WRITES = {"bulk_create", "bulk_update"}
_SYSTEM_TIME = {
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "django.utils.timezone.localdate",
    "django.utils.timezone.localtime",
    "django.utils.timezone.now",
    "time.time",
}
_CLOCK = "common/clock.py"


def _is_bulk_write(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    # A queryset takes keywords only; a dict or a set that is updated takes the other one by position.
    is_queryset_update = call.func.attr == "update" and not call.args and bool(call.keywords)
    return is_queryset_update or call.func.attr in _BULK_WRITES


def test_audited_rows_are_written_in_bulk_by_services_alone():
    found = [
        f"{name}:{call.lineno}"
        for name in product_files()
        if name.parts[0] in _AUDITED_APPS
        and not _MAY_WRITE_IN_BULK & {part.removesuffix(".py") for part in name.parts[1:]}
        for call in calls(name)
        if _is_bulk_write(call)
    ]

    assert found == []


def test_time_comes_from_the_clock_alone():
    found = []
    for name in product_files():
        if str(name) == _CLOCK:
            continue
        names = imported_names(name)
        found += [
            f"{name}:{node.lineno}: {path}"
            for node in ast.walk(tree(name))
            if isinstance(node, ast.Attribute | ast.Name)
            and isinstance(node.ctx, ast.Load)
            and (path := resolved(node, names)) in _SYSTEM_TIME
        ]

    assert found == []


def test_no_field_sets_its_own_time():
    found = [
        f"{name}:{call.lineno}: {keyword.arg}"
        for name in product_files()
        for call in calls(name)
        for keyword in call.keywords
        if keyword.arg in {"auto_now", "auto_now_add"}
    ]

    assert found == []


def test_no_error_is_swallowed_unseen():
    found = [
        f"{name}:{node.lineno}"
        for name in product_files()
        for node in ast.walk(tree(name))
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]

    assert found == []
