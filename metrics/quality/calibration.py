"""A calibration session: how far evaluators agree on the same contacts, by item and by form, and who is strict.

Alpha from .80 on can be relied on, from .667 on is tentative (Krippendorff 2004); where an error is rare alpha
collapses and AC1 is read instead (Gwet 2008); total scores are read by their intraclass correlation (Koo & Li 2016).
Below a floor of contacts the answer is "too few to tell", with what is missing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial

import numpy as np
import polars as pl

from metrics.centre import Centre
from metrics.language import _, p_
from metrics.period import Period
from metrics.quality import agreement
from metrics.quality.agreement import Array, Estimate
from metrics.quality.frames import answers, evaluations, known_session
from metrics.quality.not_applicable import na_rates
from metrics.quality.severity import leniency_of_calibration
from metrics.scope import Scope

ITEM_CONTACTS, FORM_CONTACTS, FORM_EVALUATORS = 20, 30, 3
RELIES, TENTATIVE, RARE = 0.80, 0.667, 0.10
NOT_APPLICABLE = -1.0
WITHIN = 0.10


@dataclass(frozen=True)
class ItemAgreement:
    """Agreement on one item over contacts that two evaluators or more rated.

    `scale` is nominal (pass, fail and not applicable are three answers) or ordinal (points; not applicable left out).
    `gwet` is AC1 or, on points, AC2 with quadratic weights; `kappa` is Cohen's, on points quadratic, mean over pairs.
    """

    form: str
    item: str
    text: str
    scale: str
    contacts: int
    evaluators: int
    exact: float | None
    alpha: Estimate
    gwet: Estimate
    kappa: float | None
    failed_share: float | None
    reading: str


@dataclass(frozen=True)
class FormAgreement:
    """Agreement on the raw score: share of pairs within 10 points, mean gap of a pair, ICC(A,1), alpha (interval)."""

    form: str
    contacts: int
    evaluators: int
    within_ten: float | None
    gap: float | None
    icc: Estimate
    icc_of_mean: Estimate
    alpha: Estimate
    reading: str


@dataclass(frozen=True)
class Calibration:
    """All of it; `leniency` and `na` say who, and are there for those only who may see the whole centre."""

    name: str
    forms: tuple[FormAgreement, ...]
    items: tuple[ItemAgreement, ...]
    leniency: pl.DataFrame
    na: pl.DataFrame

    def as_dict(self) -> dict[str, object]:
        """Plain data, for JSON; scores and shares are fractions of 1."""
        return {
            "session": self.name,
            "forms": [asdict(one) for one in self.forms],
            "items": [asdict(one) for one in self.items],
            "leniency": self.leniency.to_dicts(),
            "not_applicable": self.na.to_dicts(),
        }


def calibration(
    centre: Centre, *, session: str | None = None, during: Period | None = None, scope: Scope
) -> Calibration:
    """Agreement in a session, or in all sessions of a period.

    Raises WrongUse for a session that is not known, with the nearest one.
    """
    name = (
        known_session(centre, session) if session is not None else f"{during.first} to {during.last}" if during else ""
    )
    asked = {"during": during, "session": session, "scope": scope}
    rated = evaluations(centre, **asked).filter(pl.col("standing") == "calibration")  # type: ignore[arg-type]
    said = answers(centre, **asked).filter((pl.col("standing") == "calibration") & pl.col("is_scored"))  # type: ignore[arg-type]
    return agreed(name, rated, said, tells_evaluators=not scope.limits())


def agreed(name: str, rated: pl.DataFrame, said: pl.DataFrame, *, tells_evaluators: bool) -> Calibration:
    """Agreement of evaluations and of scored answers that are at hand: of the warehouse, or of a desk's own session.

    `rated` has form, contact_id, evaluator and raw_score; `said` form, item, text, contact_id, evaluator, points,
    is_na, is_applicable and failed.
    """
    return Calibration(
        name=name,
        forms=tuple(_form(str(form), part) for (form,), part in rated.group_by(["form"], maintain_order=True)),
        items=tuple(
            _item(str(form), str(item), part)
            for (form, item), part in said.group_by(["form", "item"], maintain_order=True)
        ),
        leniency=leniency_of_calibration(rated if tells_evaluators else rated.clear()),
        na=na_rates(said if tells_evaluators else said.clear()),
    )


def ratings(frame: pl.DataFrame, value: str) -> Array:
    """Contacts that two or more rated, by evaluators: the last rating of each, nan where there is none."""
    table = frame.pivot("evaluator", index="contact_id", values=value, aggregate_function="last", sort_columns=True)
    found = table.sort("contact_id").drop("contact_id").cast(pl.Float64).to_numpy()
    return np.asarray(found[(~np.isnan(found)).sum(axis=1) >= 2], dtype=float)


def _form(form: str, frame: pl.DataFrame) -> FormAgreement:
    table = ratings(frame.drop_nulls("raw_score"), "raw_score")
    contacts, evaluators = _size(table)
    single = agreement.icc(table) if contacts else Estimate(None)
    return FormAgreement(
        form=form,
        contacts=contacts,
        evaluators=evaluators,
        within_ten=agreement.percent_agreement(table, WITHIN),
        gap=_mean_gap(table),
        icc=single,
        icc_of_mean=agreement.icc(table, of_mean=True) if contacts else Estimate(None),
        alpha=agreement.bootstrapped(table, partial(agreement.krippendorff, level="interval")),
        reading=form_reading(single.value, contacts, evaluators),
    )


def _item(form: str, item: str, frame: pl.DataFrame) -> ItemAgreement:
    applicable = frame.filter("is_applicable")
    is_ordinal = applicable["points"].n_unique() > 2
    if is_ordinal:
        table = ratings(applicable.with_columns(said=pl.col("points")), "said")
        scale = agreement.categories(applicable["points"].to_numpy().astype(float))
        gwet = partial(agreement.gwet, kind="quadratic", values=scale)
        alpha, kappa = partial(agreement.krippendorff, level="ordinal"), "quadratic"
    else:
        coded = pl.when("is_na").then(NOT_APPLICABLE).when("failed").then(0.0).otherwise(1.0)
        table = ratings(frame.filter(pl.col("is_na") | pl.col("is_applicable")).with_columns(said=coded), "said")
        gwet, alpha, kappa = partial(agreement.gwet), partial(agreement.krippendorff, level="nominal"), "identity"
    contacts, evaluators = _size(table)
    of_alpha, of_gwet = (agreement.bootstrapped(table, statistic) for statistic in (alpha, gwet))
    exact, failed = agreement.percent_agreement(table), applicable["failed"].mean()
    share = float(failed) if isinstance(failed, float) else None
    return ItemAgreement(
        form=form,
        item=item,
        text=str(frame["text"][0] or item),
        scale="ordinal" if is_ordinal else "nominal",
        contacts=contacts,
        evaluators=evaluators,
        exact=exact,
        alpha=of_alpha,
        gwet=of_gwet,
        kappa=agreement.weighted_kappa(table, kappa) if contacts else None,  # type: ignore[arg-type]
        failed_share=share,
        reading=item_reading(exact, of_alpha.value, of_gwet.value, share, contacts),
    )


def _size(table: Array) -> tuple[int, int]:
    """Contacts rated twice or more, and the evaluators among them."""
    return len(table), int((~np.isnan(table)).any(axis=0).sum()) if len(table) else 0


def _mean_gap(table: Array) -> float | None:
    """The mean distance of two evaluators' scores of one contact."""
    gaps = [
        abs(row[a] - row[b])
        for row in table
        for a in range(len(row))
        for b in range(a)
        if not np.isnan(row[a]) and not np.isnan(row[b])
    ]
    return float(np.mean(gaps)) if gaps else None


def item_reading(
    exact: float | None, alpha: float | None, gwet: float | None, failed: float | None, contacts: int
) -> str:
    """What the agreement on an item means, in words."""
    if contacts < ITEM_CONTACTS:
        return _("too few to tell: {came} of {floor} contacts").format(came=contacts, floor=ITEM_CONTACTS)
    if alpha is None and exact == 1:
        return _("all alike: nothing was rated differently")
    is_rare = failed is not None and not RARE <= failed <= 1 - RARE
    value = gwet if is_rare or alpha is None else alpha
    if value is None:
        return _("cannot be said")
    by = _("AC1, the error is rare") if is_rare else _("alpha")
    grades = (
        (RELIES, _("evaluators agree ({by})")),
        (TENTATIVE, _("evaluators agree roughly ({by})")),
    )
    grade = next((words for least, words in grades if value >= least), _("evaluators do not agree enough ({by})"))
    return grade.format(by=by)


def form_reading(icc: float | None, contacts: int, evaluators: int) -> str:
    """What the agreement on a score means, in words (Koo & Li 2016)."""
    if contacts < FORM_CONTACTS or evaluators < FORM_EVALUATORS:
        wanted = (
            (contacts, FORM_CONTACTS, _("{came} of {floor} contacts")),
            (evaluators, FORM_EVALUATORS, _("{came} of {floor} evaluators")),
        )
        missing = ", ".join(words.format(came=came, floor=floor) for came, floor, words in wanted if came < floor)
        return _("too few to tell: {missing}").format(missing=missing)
    if icc is None:
        return _("cannot be said")
    readings = (
        (0.9, p_("agreement", "excellent")),
        (0.75, p_("agreement", "good")),
        (0.5, p_("agreement", "moderate")),
    )
    return next((word for floor, word in readings if icc >= floor), p_("agreement", "poor"))
