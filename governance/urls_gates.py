"""Addresses of gates."""

from django.urls import URLPattern, path

from governance.views import criterion, gates

GATES = "projects/<slug:slug>/governance/gates/"
GATE = f"{GATES}<int:number>/"
CRITERION = f"{GATE}criteria/<slug:key>/"

urlpatterns: list[URLPattern] = [
    path(GATES, gates.gates, name="gates"),
    path(GATE, gates.gate, name="gate"),
    path(f"{GATE}settings/", gates.gate_settings, name="gate_settings"),
    path(CRITERION, criterion.criterion, name="gate_criterion"),
    path(f"{CRITERION}attest/", criterion.attest_criterion, name="gate_attest"),
    path(f"{CRITERION}waive/", criterion.waive_criterion, name="gate_waive"),
    path(f"{CRITERION}ask-again/", criterion.ask_again, name="gate_ask_again"),
    path(f"{CRITERION}rule/", criterion.rule_criterion, name="gate_rule"),
]
