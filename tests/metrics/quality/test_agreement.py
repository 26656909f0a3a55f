"""Agreement between raters against published figures, R's packages and the krippendorff package, to the printed digits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import krippendorff as oracle
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.quality.agreement import (
    Array,
    bootstrapped,
    brennan_prediger,
    chance_corrected,
    fleiss,
    gwet,
    icc,
    krippendorff,
    krippendorff_of_counts,
    percent_agreement,
    weighted_kappa,
)

Statistic = Callable[[Array], float | None]


def ratings_of(folder: Path, name: str) -> Array:
    """A set as units by raters; words become numbers in their order."""
    frame = pl.read_csv(folder / f"{name}.csv", null_values=["NA", ""])
    frame = frame.drop("target", "Units", strict=False)
    words = sorted({word for word in frame.to_numpy().ravel().tolist() if isinstance(word, str)})
    if words:
        frame = frame.select(pl.all().replace_strict(words, list(range(len(words)))))
    return frame.cast(pl.Float64).to_numpy()


def criterion_of(folder: Path, name: str) -> Array:
    """One criterion of the peer reviews, proposals by reviewers."""
    frame = pl.read_csv(folder / "aibs_peer_review.csv", null_values="NA")
    return frame.pivot("RevCode", index="ID", values=name).drop("ID").cast(pl.Float64).to_numpy()


def pairs_of(folder: Path) -> Array:
    """The pairs behind the contingency table of two abstractors."""
    table = pl.read_csv(folder / "cont3x3abstractors.csv").drop("Type").to_numpy()
    return np.array([(i, j) for i in range(3) for j in range(3) for _ in range(table[i, j])], dtype=float)


def counts_in(folder: Path, name: str) -> Array:
    """Raters per category and subject."""
    return pl.read_csv(folder / f"{name}.csv").select(pl.all().exclude("Group", "Subject")).cast(pl.Float64).to_numpy()


@pytest.fixture(scope="module")
def sets(public_data: Path) -> Path:
    return public_data / "interrater"


@pytest.fixture(scope="module")
def reference(sets: Path) -> dict[tuple[str, str], float]:
    """What R's packages gave."""
    rows = pl.read_csv(sets / "reference_values.csv").iter_rows(named=True)
    return {(row["dataset"], row["statistic"]): float(row["value"]) for row in rows}


def first_two(statistic: Statistic, one: int = 0, other: int = 1) -> Statistic:
    return lambda ratings: statistic(ratings[:, [one, other]])


def icc_of(kind: str, part: str = "value", *, of_mean: bool = False) -> Statistic:
    return lambda ratings: getattr(icc(ratings, kind, of_mean=of_mean), part)  # type: ignore[arg-type]


GWETS: list[tuple[str, Callable[..., float | None]]] = [
    ("gwet_ac1", gwet),
    ("fleiss_kappa", fleiss),
    ("brennan_prediger", brennan_prediger),
]
ANY_LEVEL: Callable[..., float | None] = krippendorff

BY_RATINGS: list[tuple[str, str, Statistic]] = [
    ("diagnoses", "fleiss_kappa (6 raters, 30 subjects)", fleiss),
    ("diagnoses", "light_kappa (mean of pairwise Cohen kappas)", partial(weighted_kappa, kind="identity")),
    ("diagnoses", "cohen_kappa rater2 vs rater3 unweighted", first_two(partial(weighted_kappa, kind="identity"), 1, 2)),
    ("anxiety", "cohen_kappa rater1-rater2 unweighted", first_two(partial(weighted_kappa, kind="identity"))),
    ("anxiety", "cohen_kappa rater1-rater2 linear (equal)", first_two(partial(weighted_kappa, kind="linear"))),
    ("anxiety", "cohen_kappa rater1-rater2 quadratic (squared)", first_two(partial(weighted_kappa, kind="quadratic"))),
    *[
        ("anxiety", f"icc ICC({name}){words}{suffix}", icc_of(kind, part, of_mean=name[-1] == "3"))
        for name, words, kind in [
            ("1", " oneway consistency single", "one_way"),
            ("3", " oneway consistency average", "one_way"),
            ("C,1", " twoway consistency single", "consistency"),
            ("C,3", " twoway consistency average", "consistency"),
            ("A,1", " twoway agreement single", "agreement"),
            ("A,3", " twoway agreement average", "agreement"),
        ]
        for suffix, part in [("", "value"), (" 95% lower", "low"), (" 95% upper", "high")]
        if (name, part) not in {("A,3", "low"), ("A,3", "high")}  # see the test of Spearman and Brown
    ],
    ("video", "icc twoway agreement single", icc_of("agreement")),
    *[
        ("shrout_fleiss_1979", f"icc ICC({name}) {words}", icc_of(kind, of_mean=name[-1] == "4"))
        for name, words, kind in [
            ("1", "oneway consistency single", "one_way"),
            ("4", "oneway consistency average", "one_way"),
            ("C,1", "twoway consistency single", "consistency"),
            ("C,4", "twoway consistency average", "consistency"),
            ("A,1", "twoway agreement single", "agreement"),
            ("A,4", "twoway agreement average", "agreement"),
        ]
    ],
    *[
        ("cac.raw4raters", f"{name} {kind}", partial(statistic, kind=kind.replace("unweighted", "identity")))
        for kind in ("unweighted", "linear", "quadratic", "ordinal")
        for name, statistic in GWETS
    ],
    *[
        ("cac.raw4raters", f"krippendorff_alpha {kind}", partial(ANY_LEVEL, level=level))
        for kind, level in [
            ("unweighted", "nominal"),
            ("linear", "linear"),
            ("quadratic", "quadratic"),
            ("ordinal", "ordinal_weights"),
        ]
    ],
    ("cac.raw4raters", "percent_agreement", percent_agreement),
]


def printed(value: float) -> float:
    """Half a unit of the last digit that was printed, and never finer than a float carries."""
    digits = len(f"{value!r}".partition(".")[2])
    return max(0.5 * 10.0**-digits, 1e-12) * 1.001


@pytest.mark.parametrize(("name", "statistic", "ours"), BY_RATINGS, ids=[f"{row[0]}: {row[1]}" for row in BY_RATINGS])
def test_a_statistic_meets_r_to_the_printed_digits(
    sets: Path, reference: dict[tuple[str, str], float], name: str, statistic: str, ours: Statistic
) -> None:
    expected = reference[name, statistic]
    assert ours(ratings_of(sets, name)) == pytest.approx(expected, abs=printed(expected))


@pytest.mark.parametrize("tolerance", [0, 1])
def test_all_raters_within_a_tolerance(sets: Path, reference: dict[tuple[str, str], float], tolerance: int) -> None:
    video = ratings_of(sets, "video")
    alike = np.mean([percent_agreement(row[None, :], tolerance) == 1 for row in video])
    assert 100 * alike == pytest.approx(reference["video", f"percent_agreement tol {tolerance}"])


PAIRED: list[tuple[str, Statistic]] = [
    ("cohen_kappa", partial(weighted_kappa, kind="identity")),
    ("scott_pi", fleiss),
    ("gwet_ac1", gwet),
    ("brennan_prediger", brennan_prediger),
    ("krippendorff_alpha", krippendorff),
    ("percent_agreement", percent_agreement),
]


@pytest.mark.parametrize(("statistic", "ours"), PAIRED, ids=[row[0] for row in PAIRED])
def test_two_raters_meet_r(
    sets: Path, reference: dict[tuple[str, str], float], statistic: str, ours: Statistic
) -> None:
    assert ours(pairs_of(sets)) == pytest.approx(reference["cont3x3abstractors", statistic], abs=1e-12)


@pytest.mark.parametrize("name", ["distrib.6raters", "cac.dist4cat"])
def test_counts_per_category_meet_r(sets: Path, reference: dict[tuple[str, str], float], name: str) -> None:
    counts = counts_in(sets, name)
    scale = np.arange(counts.shape[1], dtype=float)
    found = {
        "gwet_ac1": chance_corrected(counts, np.eye(len(scale)), chance="gwet"),
        "fleiss_kappa": chance_corrected(counts, np.eye(len(scale)), chance="fleiss"),
        "brennan_prediger": chance_corrected(counts, np.eye(len(scale)), chance="brennan_prediger"),
        "krippendorff_alpha": krippendorff_of_counts(counts, scale),
    }
    assert found == {statistic: pytest.approx(reference[name, statistic], abs=1e-12) for statistic in found}


@pytest.mark.parametrize("criterion", ["Score", "Innovation", "Approach", "Investig", "Signif", "Impact"])
def test_peer_reviews_meet_r(sets: Path, reference: dict[tuple[str, str], float], criterion: str) -> None:
    ratings = criterion_of(sets, criterion)
    rated = int((~np.isnan(ratings).any(axis=1)).sum())
    assert icc(ratings, "one_way").value == pytest.approx(reference["AIBS", f"icc(1) {criterion} n = {rated}"])
    assert icc(ratings, "one_way", of_mean=True).value == pytest.approx(reference["AIBS", f"icc(3 raters) {criterion}"])


@pytest.mark.parametrize(
    ("name", "level"),
    [("anxiety", "ordinal"), ("anxiety", "interval"), ("video", "ordinal"), *(
        (f"AIBS {criterion}", "interval") for criterion in ("Score", "Innovation", "Approach", "Investig", "Signif")
    )],
)  # fmt: skip
def test_alpha_is_krippendorffs_own_and_the_package_irr_differs_by_a_known_factor(
    sets: Path, reference: dict[tuple[str, str], float], name: str, level: Any
) -> None:
    """irr 0.84.1 counts every pair of k raters once instead of 1 / (k - 1) times, which moves alpha a little."""
    ratings = criterion_of(sets, name.split()[1]) if name.startswith("AIBS") else ratings_of(sets, name)
    alpha = krippendorff(ratings, level)
    assert alpha is not None
    assert alpha == pytest.approx(oracle.alpha(ratings.T, level_of_measurement=level))
    n, k = ratings.size, ratings.shape[1]
    statistic = f"krippendorff_alpha {level}" + (f" {name.split()[1]}" if name.startswith("AIBS") else "")
    theirs = 1 - (1 - alpha) * ((k - 1) * n - 1) / ((k - 1) * (n - 1))
    assert theirs == pytest.approx(reference[name.split()[0], statistic], abs=1e-9)


def test_published_figures() -> None:
    """Fleiss (1971) 0.430; Shrout & Fleiss (1979) .17 .29 .71 .44 .62 .91; Krippendorff 0.743: see the table above."""
    judges = np.array(
        [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float
    )
    kinds = ["one_way", "agreement", "consistency"]
    found = [icc(judges, kind, of_mean=of_mean).value for of_mean in (False, True) for kind in kinds]  # type: ignore[arg-type]
    assert [f"{value:.2f}" for value in found] == ["0.17", "0.29", "0.71", "0.44", "0.62", "0.91"]
    four = np.array([
        [1, 1, np.nan, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
        [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [np.nan, 5, 5, 5], [np.nan, np.nan, 1, 1], [np.nan, np.nan, 3, np.nan],
    ])  # fmt: skip
    assert f"{krippendorff(four):.3f}" == "0.743"


def test_the_interval_of_the_mean_of_raters_is_the_single_ones_stepped_up(sets: Path) -> None:
    """McGraw & Wong (1996), table 7. irr takes k times the mean's ICC into the degrees of freedom: -0.137 for -0.127."""
    ratings = ratings_of(sets, "anxiety")
    single, mean = icc(ratings, "agreement"), icc(ratings, "agreement", of_mean=True)
    for alone, together in [(single.low, mean.low), (single.value, mean.value), (single.high, mean.high)]:
        assert alone is not None
        assert together == pytest.approx(3 * alone / (1 + 2 * alone))


def test_alpha_of_complete_nominal_ratings_follows_from_fleiss(sets: Path) -> None:
    """With nothing missing 1 - alpha is (1 - kappa) (N - 1) / N; irr's 0.283 for this set cannot be."""
    ratings = ratings_of(sets, "diagnoses")
    kappa = fleiss(ratings)
    assert kappa is not None
    assert krippendorff(ratings) == pytest.approx(1 - (1 - kappa) * (ratings.size - 1) / ratings.size)
    assert krippendorff(ratings) == pytest.approx(oracle.alpha(ratings.T, level_of_measurement="nominal"))


MATRICES = st.integers(2, 4).flatmap(
    lambda raters: st.lists(
        st.lists(st.sampled_from([1.0, 2.0, 3.0, float("nan")]), min_size=raters, max_size=raters),
        min_size=2,
        max_size=12,
    )
)


@given(MATRICES, st.sampled_from(["nominal", "ordinal", "interval"]))
def test_alpha_equals_the_krippendorff_package(rows: list[list[float]], level: Any) -> None:
    ratings = np.array(rows)
    alpha = krippendorff(ratings, level)
    if alpha is None:
        paired = ratings[(~np.isnan(ratings)).sum(axis=1) >= 2]
        assert len(np.unique(paired[~np.isnan(paired)])) < 2
    else:
        assert alpha == pytest.approx(oracle.alpha(ratings.T, level_of_measurement=level), abs=1e-9)


@given(MATRICES)
def test_agreement_does_not_care_who_is_called_first(rows: list[list[float]]) -> None:
    ratings = np.array(rows)
    for statistic in (gwet, fleiss, krippendorff, percent_agreement):
        assert statistic(ratings) == pytest.approx(statistic(ratings[::-1, ::-1]))


def test_a_rare_error_breaks_kappa_and_not_ac1() -> None:
    """94 of 100 contacts alike, an error in three for each evaluator and never in the same one."""
    pairs = np.array([(1, 1)] * 94 + [(0, 1)] * 3 + [(1, 0)] * 3, dtype=float)
    assert percent_agreement(pairs) == pytest.approx(0.94)
    assert weighted_kappa(pairs, "identity") == pytest.approx(-0.0309, abs=1e-4)
    assert gwet(pairs) == pytest.approx(0.9363, abs=1e-4)


NOTHING = np.full((3, 2), np.nan)
SAME = np.ones((3, 2))
ONCE = np.array([[1, np.nan], [np.nan, 2]])


@pytest.mark.parametrize("statistic", [krippendorff, gwet, fleiss, weighted_kappa, lambda r: icc(r).value])
@pytest.mark.parametrize("ratings", [NOTHING, SAME, ONCE], ids=["nobody rated", "no variation", "nothing rated twice"])
def test_what_cannot_be_said_is_null(statistic: Statistic, ratings: Array) -> None:
    assert statistic(ratings) is None


def test_the_interval_is_the_same_on_every_run() -> None:
    ratings = np.random.default_rng(1).integers(0, 3, (40, 3)).astype(float)
    assert bootstrapped(ratings, krippendorff) == bootstrapped(ratings, krippendorff)
