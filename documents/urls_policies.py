"""Addresses of policies and objectives. Fixed names come before keys."""

from django.urls import URLPattern, path

from documents.views import objective, objectives, policies

POLICIES = "projects/<slug:slug>/documents/policies/"
OBJECTIVES = "projects/<slug:slug>/documents/objectives/"

urlpatterns: list[URLPattern] = [
    path(POLICIES, policies.policies, name="policies"),
    path(f"{POLICIES}<slug:key>/explain/", policies.explain, name="policy_explain"),
    path(f"{POLICIES}<slug:key>/", policies.questions, name="policy_questions"),
    path(OBJECTIVES, objectives.objectives, name="objectives"),
    path(f"{OBJECTIVES}export/", objectives.export, name="objectives_export"),
    path(f"{OBJECTIVES}new/", objective.new, name="objective_new"),
    path(f"{OBJECTIVES}<str:key>/", objective.objective, name="objective"),
    path(f"{OBJECTIVES}<str:key>/change/", objective.change, name="objective_change"),
    path(f"{OBJECTIVES}<str:key>/values/", objective.value, name="objective_value"),
    path(f"{OBJECTIVES}<str:key>/settle/", objective.settle, name="objective_settle"),
]
