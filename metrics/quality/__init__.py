"""Quality: forms and their scores, a person's quality score, agreement between evaluators, training needs, disputes."""

from metrics.quality.calibration import Calibration, agreed, calibration
from metrics.quality.disputes import disputes, disputes_by_evaluator, disputes_by_item
from metrics.quality.evaluators import Evaluators, evaluators
from metrics.quality.faults import faults
from metrics.quality.form import Form, Item, form, forms, forms_for, newest
from metrics.quality.frames import answers, evaluations, sessions
from metrics.quality.listing import (
    calibration_text,
    coefficient,
    likely_points,
    sessions_text,
    severity_words,
    signed_points,
)
from metrics.quality.not_applicable import na_by_item, na_rates
from metrics.quality.person import (
    critical_sentences,
    needs_among,
    quality_scores,
    score_sentence,
    strengths_and_needs,
)
from metrics.quality.plan import (
    Part,
    Plan,
    evaluated,
    for_calibration,
    is_drawn,
    own_teams,
    plans,
    quota,
    team_of,
    without_conflicts,
)
from metrics.quality.proportions import with_interval
from metrics.quality.scoring import CLASSES, Answer, Score, is_shown, score
from metrics.quality.severity import adjusted, drift, leniency_of_calibration, leniency_of_draws
from metrics.quality.training import Effect, training_effect, training_needs
from metrics.quality.whole import WholeScore, coverage, whole_score

__all__ = [
    "CLASSES",
    "Answer",
    "Calibration",
    "Effect",
    "Evaluators",
    "Form",
    "Item",
    "Part",
    "Plan",
    "Score",
    "WholeScore",
    "adjusted",
    "agreed",
    "answers",
    "calibration",
    "calibration_text",
    "coefficient",
    "coverage",
    "critical_sentences",
    "disputes",
    "disputes_by_evaluator",
    "disputes_by_item",
    "drift",
    "evaluated",
    "evaluations",
    "evaluators",
    "faults",
    "for_calibration",
    "form",
    "forms",
    "forms_for",
    "is_drawn",
    "is_shown",
    "leniency_of_calibration",
    "leniency_of_draws",
    "likely_points",
    "na_by_item",
    "na_rates",
    "needs_among",
    "newest",
    "own_teams",
    "plans",
    "quality_scores",
    "quota",
    "score",
    "score_sentence",
    "sessions",
    "sessions_text",
    "severity_words",
    "signed_points",
    "strengths_and_needs",
    "team_of",
    "training_effect",
    "training_needs",
    "whole_score",
    "with_interval",
    "without_conflicts",
]
