"""Public records: the figures that may leave the house, what is withheld and what is left out, and both as one file."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.tables import listing
from dashboards.view import View
from metrics import Period, PublicRecord, public_record, text
from metrics.language import _, spoken

MOST = 60


def record_of(answers: Answers) -> PublicRecord:
    """The public record of all that is loaded."""
    during = answers.span() or Period.day(answers.last_day())
    ask = lambda: public_record(answers.centre, during=during, scope=answers.scope)  # noqa: E731
    return answers.kept("public_record", ask)


def page(answers: Answers, view: View) -> list[Component]:  # noqa: ARG001
    """What would be handed out, and what would not."""
    found = record_of(answers)
    withheld = found.manifest["withheld"]
    fewest = found.manifest["fewest_behind_a_figure"]
    lead = _(
        "{open} figures may be handed out; {withheld} are withheld, since fewer than {fewest} "
        "contacts or requests stand behind them or behind what they would give away."
    ).format(open=text.count(found.figures.height - withheld), withheld=text.count(withheld), fewest=fewest)
    rows = [
        [row["month"], row["part"], row["figure"], spoken(row["value"] or text.NO_DATA), spoken(row["n"])]
        for row in found.figures.head(MOST).iter_rows(named=True)
    ]
    left = [[spoken(what), spoken(why)] for what, why in found.manifest["left_out"].items()]
    return [
        html.Header([html.H1(_("Public records")), html.P(lead, className="lead")]),
        html.P(html.A(_("Figures and manifest as one file (zip)"), href="/records.zip")),
        listing(
            _("The first {n}").format(n=MOST),
            [_("Month"), _("Queue or department"), _("Figure"), _("Value"), "n"],
            rows,
            numbers=2,
        ),
        listing(_("Left out"), [_("What"), _("Why")], left),
    ]
