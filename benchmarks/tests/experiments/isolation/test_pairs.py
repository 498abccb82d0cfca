"""Two authors break two components at once: whose failures each of them sees."""

from benchmarks.experiments.isolation.summary.pairs import Broken, team


def broken(name: str, component: str, suite: str, red: dict[str, str]) -> Broken:
    return Broken(name, component, frozenset({component}), frozenset({suite}), {suite: red})


def test_in_one_suite_both_teams_see_each_failure() -> None:
    one = broken("one", "accounts", "monolith", {"a": "accounts", "b": "whole"})
    two = broken("two", "submissions", "monolith", {"c": "submissions"})
    found = team([one, two], "whole")
    assert found is not None
    assert (found.views, found.see_other) == (2, 1.0)
    assert found.see_other_in_own == 0.5, "the test of the whole is red for both authors"
    assert found.tests_of_other == 1.5


def test_in_separate_suites_neither_team_sees_the_other_s_failure() -> None:
    one = broken("one", "accounts", "accounts", {"a": "accounts"})
    two = broken("two", "submissions", "submissions", {"c": "submissions"})
    found = team([one, two], "whole")
    assert found is not None
    assert found.see_other == found.see_other_in_own == found.tests_of_other == 0.0


def test_a_team_s_own_failure_is_not_counted_as_the_other_s() -> None:
    one = broken("one", "accounts", "monolith", {"a": "whole"})
    two = broken("two", "submissions", "monolith", {"a": "whole"})
    found = team([one, two], "whole")
    assert found is not None
    assert found.see_other == 0.0


def test_two_faults_of_one_component_are_one_author_s() -> None:
    assert (
        team([broken("one", "accounts", "m", {}), broken("two", "accounts", "m", {})], "w") is None
    )
