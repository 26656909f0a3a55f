"""What a figure means: the catalogue, the one question, and who may ask it."""

from metrics.asker import Asker, Where
from metrics.availability import unavailable
from metrics.beside import Asked, attainment, compared, files_since, measure_asked
from metrics.catalogue import Catalogue, Metric, catalogue_of
from metrics.centre import Centre, open_centre
from metrics.coverage import Freshness, data_span, dimension_values, freshness, last_day, month_to_report, unmapped
from metrics.figures import measure, read_ahead, rows, terms
from metrics.glossary import glossary
from metrics.grid import Figure, Grid, Key, Usual, difference, unbroken
from metrics.held import holding, keep_in_memory, keep_recent, keep_shared
from metrics.identities import Identity, identities, is_checked, open_identities
from metrics.intake import put_aside, put_aside_lines, recent_loads, restated_loads
from metrics.listing import definition_card, figures_table, metric_list
from metrics.people import evaluation_counts, is_on_roster, roster, supervised_teams, team_averages
from metrics.period import Period, day_from_text, month_from_text
from metrics.public import PublicRecord, public_record
from metrics.scope import Scope
from metrics.settings import Target, target
from metrics.story import Story, contact, contact_number
from metrics.versions import definition_changes, definition_notes
from sql import DiskFull, FairlineError, WrongUse, fault_point, nearest
from sql.settings_faults import fault_words

__all__ = [
    "Asked",
    "Asker",
    "Catalogue",
    "Centre",
    "DiskFull",
    "FairlineError",
    "Figure",
    "Freshness",
    "Grid",
    "Identity",
    "Key",
    "Metric",
    "Period",
    "PublicRecord",
    "Scope",
    "Story",
    "Target",
    "Usual",
    "Where",
    "WrongUse",
    "attainment",
    "catalogue_of",
    "compared",
    "contact",
    "contact_number",
    "data_span",
    "day_from_text",
    "definition_card",
    "definition_changes",
    "definition_notes",
    "difference",
    "dimension_values",
    "evaluation_counts",
    "fault_point",
    "fault_words",
    "figures_table",
    "files_since",
    "freshness",
    "glossary",
    "holding",
    "identities",
    "is_checked",
    "is_on_roster",
    "keep_in_memory",
    "keep_recent",
    "keep_shared",
    "last_day",
    "measure",
    "measure_asked",
    "metric_list",
    "month_from_text",
    "month_to_report",
    "nearest",
    "open_centre",
    "open_identities",
    "public_record",
    "put_aside",
    "put_aside_lines",
    "read_ahead",
    "recent_loads",
    "restated_loads",
    "roster",
    "rows",
    "supervised_teams",
    "target",
    "team_averages",
    "terms",
    "unavailable",
    "unbroken",
    "unmapped",
]
