"""Every statement from facts to measures can be said in Spark's words; what cannot is refused before any cluster sees it."""

from __future__ import annotations

from datetime import date

import pytest

from metrics.catalogue import Catalogue, Measure, catalogue_of
from metrics.query import day_measures
from metrics.stored import measure_tables, sketch_tables
from sql.fact_views import fact_folders
from sql.macros import CLOCK, RECKONING, reckoning_values
from sql.spark import Macro, NotTranslatable, macros, spark_text
from sql.statements import statement
from tests.spark.families import families, with_dimensions

DAYS = [date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 9)]


@pytest.fixture(scope="module")
def known() -> dict[str, Macro]:
    values = reckoning_values(
        timezone="America/Denver", day_starts_ms=14_400_000, rules={"reopen_days": 7.0}, peak_hours=[34]
    )
    return macros(values, (*CLOCK, *RECKONING))


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return catalogue_of(tmp_path_factory.mktemp("nowhere"))


# ---- the lint ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name, folder in fact_folders().items() if folder == "views"])
def test_every_fact_translates(name: str, known: dict[str, Macro]) -> None:
    assert spark_text(statement(f"views/{name}"), known)


def test_every_measure_translates_and_so_the_spans_and_stocks_beneath(
    catalogue: Catalogue, known: dict[str, Macro]
) -> None:
    texts = {
        (fact, key): spark_text(
            day_measures(with_dimensions(catalogue.facts[fact]), key, some, days="$days::date[]"), known, days=DAYS
        )
        for (fact, key), some in families(catalogue).items()
    }
    said = {one for some in families(catalogue).values() for one in some}
    assert len(said) > 200
    assert {fact for fact, _ in texts} == {one.fact for one in said}
    assert [text for text in texts.values() if "$" in text or "agent_time(" in text] == []


def test_the_ends_of_a_frame_are_numbers(known: dict[str, Macro]) -> None:
    text = "select sum(n) over (order by t range between (rule('repeat_days', 7) * 86400000)::bigint preceding and current row) from x"
    assert "range between 604800000 preceding and current row" in spark_text(text, known).lower()


def test_every_stored_statement_translates(catalogue: Catalogue, known: dict[str, Macro]) -> None:
    for table in (*measure_tables(catalogue).values(), *sketch_tables(catalogue).values()):
        assert spark_text(table.statement("$days::date[]"), known, days=DAYS)


REFUSED = {
    "a function that nobody compared": "select levenshtein(x, y) from t",
    "a bucket of hours": "select time_bucket(interval 6 hour, x) from t",
    "a series without its end": "select unnest(range(a, b, interval 1 day)) from t",
    "a difference in other units": "select date_diff('hour', a, b) from t",
    "the newest row by what is no column": "select 1 from a asof join b on a.k = b.k and a.t >= b.t + 1",
    "a number as an instant of seconds": "select to_timestamp(x) from t",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_is_not_known_to_be_the_same_is_refused(text: str, known: dict[str, Macro]) -> None:
    with pytest.raises(NotTranslatable):
        spark_text(text, known)


# ---- what sqlglot alone leaves out or gets wrong -----------------------------------------------------------------------


REWRITTEN = [
    ("select epoch_ms(x) from t", "SELECT unix_millis(x) FROM t"),
    ("select x + to_milliseconds(y) from t", "SELECT timestampadd(MILLISECOND, (y), x) FROM t"),
    ("select date_diff('millisecond', a, b) from t", "SELECT (unix_millis(b) - unix_millis(a)) FROM t"),
    ("select arg_max(a, b) from t", "SELECT max_by(a, b) FILTER(WHERE NOT a IS NULL) FROM t"),
    ("select percentile_cont(0.9) within group (order by x) from t", "SELECT percentile_cont(0.9) WITHIN GROUP (ORDER BY x NULLS LAST) FROM t"),
    ("select t.* replace (a + 1 as a) from t", "SELECT t.* EXCEPT (a), a + 1 AS a FROM t"),
    ("select (a, b) in (select (c, d) from u) from t", "SELECT named_struct('c0', a, 'c1', b) IN (SELECT named_struct('c0', c, 'c1', d) FROM u) FROM t"),
    (
        "select unnest(generate_series(a, b, interval 1 day))::date as day from t",
        "SELECT explode(CAST(if(a <= b, sequence(a, b, INTERVAL '1' DAY), array()) AS ARRAY<DATE>)) AS day FROM t",
    ),
    (
        "select time_bucket(interval 15 minute, x) from t",
        "SELECT timestampadd(MICROSECOND, -pmod(unix_micros(x), 900000000), x) FROM t",
    ),
    (
        "select a.x, b.y from a asof left join b on b.k = a.k and a.t >= b.t",
        "SELECT a.x, b.y FROM a LEFT JOIN (SELECT b.*, lead(t) OVER (PARTITION BY k ORDER BY t NULLS LAST) AS asof_until "
        "FROM b AS b WHERE NOT b.t IS NULL) AS b ON b.k = a.k AND a.t >= b.t "
        "AND (b.asof_until IS NULL OR NOT (a.t >= b.asof_until))",
    ),
    ("from lake.leg where leg.x", "SELECT * FROM lake_leg AS leg WHERE leg.x"),
    ("select ($days)[1], ($days)[-1] + 1", "SELECT CAST('2026-03-07' AS DATE), CAST('2026-03-09' AS DATE) + 1"),
    ("select local_time(x) from t", "SELECT (convert_timezone('UTC', 'America/Denver', x)) FROM t"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), REWRITTEN, ids=[case[0][7:50] for case in REWRITTEN])
def test_a_rewrite(text: str, expected: str, known: dict[str, Macro]) -> None:
    assert spark_text(text, known, days=DAYS) == expected


def test_a_measure_that_counts_differently_many_things_is_none_that_is_stored(catalogue: Catalogue) -> None:
    stored: list[Measure] = [one for table in measure_tables(catalogue).values() for one in table.measures]
    assert [one.name for one in stored if one.distinct is not None] == []
