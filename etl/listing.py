"""What each layout yields, read from its file and from the statements that turn its rows into facts."""

from __future__ import annotations

import re

from etl.layout import Layout
from sql.statements import names, statement

# a part of a leg that is told by a source, and not one that its statement fills with nothing
AFTER_CALL_WORK = re.compile(r"^(?!.*null::bigint).*\bacw_ms\b", re.MULTILINE)
LEGS = {"leg", "contact"}


def listed(layout: Layout) -> dict[str, str]:
    """One layout as `fairline sources` prints it."""
    return {
        "layout": layout.name,
        "system": layout.product,
        "yields": ", ".join(layout.yields),
        "history": history(layout),
        "agent_states": "yes" if "agent_state" in layout.yields else "no",
        "after_call_work": "yes" if tells_after_call_work(layout) else "no",
        "lacks": "; ".join(layout.lacks),
        "tested_on": layout.evidence,
    }


def history(layout: Layout) -> str:
    """Where what happened comes from: calls one by one, changes that the system recorded, or exports compared.

    Empty where a layout tells of no calls and no cases.
    """
    filled = names(f"staging/{layout.staging_folder}")
    if "case_change" in filled and "case_version" not in filled:
        return "recorded changes"
    if "case_version" in filled:
        return "by comparing exports"
    if LEGS & set(layout.yields):
        return "call by call"
    return "totals" if "interval_stat" in filled else ""


def tells_after_call_work(layout: Layout) -> bool:
    """Whether legs come with the work after them, which handle time needs; of one system's files it may be but one."""
    if "leg" not in layout.yields or any("after-call work" in lack for lack in layout.lacks):
        return False
    places = (f"staging/{layout.staging_folder}", f"records/{layout.system or layout.staging_folder}")
    found = [f"{place}/{name}" for place in places for name in ("leg", "part") if name in names(place)]
    return any(AFTER_CALL_WORK.search(statement(name)) for name in found)
