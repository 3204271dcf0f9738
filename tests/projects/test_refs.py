"""Refs are counted in one place, and none is given twice."""

import pytest
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from projects.models import RefCounter
from projects.services.refs import next_ref
from tests.cast import Cast

BEFORE = [("businesscase", "0002_cost_preview"), ("evidence", "0001_initial")]
AFTER = [("businesscase", "0003_refs_counted_in_projects"), ("evidence", "0002_keys_counted_in_projects")]


@pytest.mark.django_db
def test_each_letter_and_each_series_counts_for_itself(cast: Cast) -> None:
    asked = [("C", "gap analysis"), ("C", "gap analysis"), ("C", "implementation"), ("R", "")]
    assert [next_ref(cast.project, letter, series=series) for letter, series in asked] == [
        "C-01",
        "C-02",
        "C-01",
        "R-01",
    ]
    assert next_ref(cast.project, "E", width=4) == "E-0001"


@pytest.mark.db
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_numbers_that_were_given_out_are_kept_when_the_counters_move(cast: Cast) -> None:
    """There and back: what was counted in two apps goes on where it stood."""
    with transaction.atomic():
        next_ref(cast.project, "C", series="implementation")
        for letter in "REQ" * 3:
            next_ref(cast.project, letter)
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        executor = MigrationExecutor(connection)
        executor.migrate(BEFORE)
        old = executor.loader.project_state(BEFORE).apps
        case, evidence = old.get_model("businesscase", "RefCounter"), old.get_model("evidence", "EvidenceCounter")
        assert dict(case.objects.values_list("name", "last")) == {"implementation C": 1, "R": 3}
        assert dict(evidence.objects.values_list("letter", "last")) == {"E": 3, "Q": 3}
        MigrationExecutor(connection).migrate(AFTER)
        counted = dict(RefCounter.objects.filter(project=cast.project).values_list("name", "last"))
        assert counted == {"implementation C": 1, "R": 3, "E": 3, "Q": 3}
        with transaction.atomic():
            assert next_ref(cast.project, "E", width=4) == "E-0004"
    finally:
        MigrationExecutor(connection).migrate(newest)
