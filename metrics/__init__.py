"""What a figure means: the catalogue, the one question, and who may ask it."""

from metrics.availability import unavailable
from metrics.beside import Asked, attainment, compared, files_since, measure_asked
from metrics.catalogue import Catalogue, Metric, catalogue_of
from metrics.centre import Centre, open_centre
from metrics.coverage import Freshness, data_span, dimension_values, freshness, last_day, unmapped
from metrics.figures import measure, rows
from metrics.glossary import glossary
from metrics.identities import Identity, identities, open_identities
from metrics.listing import definition_card, figures_table, metric_list
from metrics.people import roster
from metrics.period import Period, day_from_text
from metrics.scope import Scope
from metrics.settings import Target, target
from metrics.stored import keep_in_memory
from metrics.story import Story, contact
from metrics.versions import definition_changes
from sql import WrongUse

__all__ = [
    "Asked",
    "Catalogue",
    "Centre",
    "Freshness",
    "Identity",
    "Metric",
    "Period",
    "Scope",
    "Story",
    "Target",
    "WrongUse",
    "attainment",
    "catalogue_of",
    "compared",
    "contact",
    "data_span",
    "day_from_text",
    "definition_card",
    "definition_changes",
    "dimension_values",
    "figures_table",
    "files_since",
    "freshness",
    "glossary",
    "identities",
    "keep_in_memory",
    "last_day",
    "measure",
    "measure_asked",
    "metric_list",
    "open_centre",
    "open_identities",
    "roster",
    "rows",
    "target",
    "unavailable",
    "unmapped",
]
