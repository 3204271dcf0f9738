"""Clause titles."""

from phases.selectors.clauses import clause_titles, clauses_of, is_within, parse_clause


def test_it_reads_numbers_as_texts() -> None:
    titles = clause_titles()
    assert {len(titles["2011"]), len(titles["2018"])} == {53, 77}
    assert all(isinstance(number, str) for rows in titles.values() for number in rows)


def test_it_sorts_as_the_standard_does_and_keeps_what_it_does_not_know() -> None:
    found = clauses_of("2018", ["10.1", "8.5.1", "9.99"])
    assert [(clause.number, clause.title) for clause in found] == [
        ("8.5.1", "Change management"),
        ("9.99", ""),
        ("10.1", clause_titles()["2018"]["10.1"]),
    ]


def test_every_clause_that_the_catalogue_names_has_a_title(catalogue) -> None:
    titles = clause_titles()
    for row in catalogue.activities.all():
        assert set(row.clauses_2018) <= set(titles["2018"]), row.ref
        assert set(row.clauses_2011) <= set(titles["2011"]), row.ref


def test_it_knows_what_lies_below_a_clause() -> None:
    assert is_within("8.5.1.3", "8.5.1")
    assert is_within("8.5.1", "8.5.1")
    assert not is_within("8.51", "8.5")


def test_it_parses_only_what_there_is() -> None:
    clause = parse_clause("2018:8.5.1")
    assert clause is not None
    assert clause.key == "2018:8.5.1"
    assert [parse_clause(bad) for bad in ("2018:99", "2005:4", "8.5.1", "")] == [None] * 4
