"""A comparison as a funnel."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from metrics.charts.people import Dot, Limits, funnel
from metrics.compare import words
from metrics.compare.comparison import Comparison
from metrics.compare.funnel import decisive_p, normal_limits
from metrics.compare.placebo import FLAGS
from metrics.language import _, n_


def funnel_of(comparison: Comparison) -> Markup:
    """All judged agents by how many contacts their difference rests on, with the 95 % lines and the deciding ones."""
    rule = comparison.rule
    judged = [one for one in comparison.verdicts if one.difference is not None]
    dots = [Dot(one.agent_id, one.n, one.difference or 0.0, one.verdict in FLAGS) for one in judged]
    most = max([dot.n for dot in dots], default=1.0)
    at = np.linspace(max(most / 60, rule.minimum / 2), most * 1.05, 60)
    deciding = decisive_p(np.array([one.p for one in judged if one.p is not None]))
    limits = []
    for name, p in (("95 %", 0.05), (_("all agents at once"), deciding)) if judged else ():
        reach = normal_limits(at, comparison.scatter, comparison.spread, p)
        low, high = (np.expm1(-reach), np.expm1(reach)) if rule.scale == "log" else (-reach, reach)
        limits.append(Limits(name, low.tolist(), high.tolist()))
    return funnel(
        _("{title}: difference from what others had on the same contacts").format(title=rule.title),
        dots,
        at.tolist(),
        limits,
        y_title=_("difference (%)") if rule.scale == "log" else _("difference (points)"),
        x_title=n_(rule.counted, f"{rule.counted}s", 2),
        words=lambda tick: words.signed(tick * (1 if rule.scale == "points" else 100)),
    )
