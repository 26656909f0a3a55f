"""What a page's scripts say: only the browser knows when, so it is handed the sentences in the reader's language."""

from __future__ import annotations

import json
from typing import Any

from dashboards.aria import data
from metrics.language import N_, _

# as `assets/*.js` name them; what stands in braces is filled in there
WORDS = {
    "rows": N_("{shown} of {all} rows"),
    "not_taken": N_("Fairline did not take this ({status}). Load the page again."),
    "no_answer": N_("Fairline does not answer. Nothing was changed; try again."),
    "saving": N_("Saving …"),
    "saved": N_("Saved at {at}."),
    "not_saved": N_("Not saved."),
    "kept_here": N_("Not saved yet: Fairline does not answer. It is kept in this browser and sent again."),
    "saved_only": N_("Saved, not submitted."),
    "not_submitted": N_("Not submitted: Fairline does not answer. It is kept in this browser; submit it again."),
    "not_sent": N_("What this browser kept could not be sent yet: Fairline does not answer."),
}


def script_words() -> dict[str, Any]:
    """The attribute of a page from which its scripts read what they say."""
    return data(words=json.dumps({name: _(words) for name, words in WORDS.items()}, ensure_ascii=False))
