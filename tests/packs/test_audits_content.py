"""What the way to the certificate, the yearly round and new services say holds together."""

from audits.certification_guide import cycle, steps, ways
from audits.choices import ServiceChangeKind
from audits.selectors import certification
from governance.registries import gate_criteria
from phases.selectors.clauses import clause_titles

OWN = {
    "scope-said",
    "quotes-compared",
    "body-chosen",
    "stage-1-held",
    "stage-2-passed",
    "statement-in-force",
    "pack-ready",
}


def test_each_step_of_a_way_is_looked_at_by_something_that_is_there() -> None:
    checks = {step.check for way in ways().values() for step in way.steps}
    assert checks - OWN <= set(gate_criteria.keys())
    assert checks >= OWN
    assert hasattr(certification, "way_page")


def test_every_clause_it_names_exists_in_its_edition() -> None:
    known = clause_titles()
    for row in (*cycle().values(), *steps().values()):
        assert set(row.clauses_2011) <= set(known["2011"]), row.key
        assert set(row.clauses_2018) <= set(known["2018"]), row.key


def test_each_kind_of_service_has_steps_before_and_after_it_is_live() -> None:
    for kind in ServiceChangeKind.values:
        of = [step.is_before_live for step in steps().values() if kind in step.kinds]
        assert len(of) >= 6
        assert (of[0], of[-1]) == (True, False), kind


def test_no_two_texts_say_the_same_but_where_ways_share_a_step() -> None:
    said = [each.text for each in (*cycle().values(), *steps().values())]
    said += [step.text for way in ways().values() for step in way.steps]
    assert len(set(said)) == len(said)
