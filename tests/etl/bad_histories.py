"""Bad inputs 78 to 90: rosters, files that come again, late or out of order, and names that mislead."""

from __future__ import annotations

from tests.etl.bad_inputs import A, B, Bad, C, but, calls

MONDAY, TUESDAY, TODAY = (f"2026-11-{day}T00:00:00+00:00" for day in (14, 15, 20))
RESTATED = but(A, wrap_seconds="45")
LATE = but(C, start_time="2026-10-02T09:00:00-06:00")


def roster(*rows: str) -> str:
    """A roster file."""
    return "\n".join(["agent_id,name,team,valid_from,valid_to", *rows]) + "\n"


HISTORIES = [
    Bad(78, "an id given to the next hire", roster("A1,Ann,North,2025-01-01,2026-01-01", "A1,Bob,South,2026-02-01,"), good=2, layout="plain_agents", name="roster.csv"),
    Bad(78, "two people under one id at one time", roster("A1,Ann,North,2025-01-01,2026-03-01", "A1,Bob,South,2026-02-01,", "A2,Cy,North,2025-01-01,"), verdict="rejected", reasons={"overlapping_spells": 1}, name="roster.csv", says="line 3"),
    Bad(79, "a change of team within a month", roster("A1,Ann,North,2025-01-01,2026-03-15", "A1,Ann,South,2026-03-15,"), good=2, name="roster.csv"),
    Bad(82, "the same file under another name", calls(A, B), [A, B], verdict="unchanged", before=[("monday.csv", calls(A, B), MONDAY)]),
    Bad(82, "the same rows in another file", calls(A, "", B), [A, B], blank=1, before=[("monday.csv", calls(A, B), MONDAY)]),
    Bad(83, "windows that overlap", calls(A, B, C), [A, B, C], before=[("monday.csv", calls(A, B), MONDAY)]),
    Bad(84, "a late row for an old day", calls(LATE), [A, B, LATE], good=1, before=[("monday.csv", calls(A, B), MONDAY)]),
    Bad(85, "values restated", calls(RESTATED), [RESTATED, B], good=1, before=[("monday.csv", calls(A, B), MONDAY)]),
    Bad(86, "an older export after a newer one", calls(A, C), [RESTATED, C], good=2, before=[("tuesday.csv", calls(RESTATED), TUESDAY)], as_of=MONDAY),
    Bad(87, "rows gone from a later export", calls(A), [A, B], good=1, before=[("monday.csv", calls(A, B), MONDAY)]),
    Bad(88, "a browser's second download", calls(A), [A], name="calls[1].csv"),
    Bad(88, "a name full of wildcards", calls(A), [A], name="calls*{a,b}?.csv"),
    Bad(88, "a second download beside the first", calls(A), [A, B], name="calls[1].csv", good=1, before=[("calls1.csv", calls(B), MONDAY)]),
    *[Bad(89, name, calls(A), [A], name=name) for name in ("o'; drop table leg; --.csv", "$(reboot).csv", "-rf.csv", "..calls..csv", 'say "hi".csv')],
    Bad(90, "a folder named like a column", calls(A), [A], name="agent_id=99/queue=x/calls.csv"),
    Bad(93, "a line break in the file's name", calls(A), [A], name="calls\nadmin logged in.csv"),
]  # fmt: skip
