"""Bad inputs 29 and 38 to 52: files that are not what their name says, archives and workbooks."""

from __future__ import annotations

import stat
from datetime import datetime, time, timedelta
from pathlib import Path

from tests.etl.bad_inputs import (
    NAMES,
    A,
    B,
    Bad,
    C,
    but,
    calls,
    encrypted_zip,
    packed,
    twice_in_zip,
    without_cached_values,
    workbook,
    zipped,
)


def sparse(path: Path) -> None:
    """A file of thirty gigabytes that takes no room."""
    with path.open("wb") as file:
        file.truncate(30 << 30)


def cells(row: str, **changes: object) -> list[object]:
    """A line as cells, with some of them of another kind."""
    return list((dict(zip(NAMES, row.split(","), strict=True)) | changes).values())


LOCAL = "2026-11-13T08:30:00"
HALF_PAST_EIGHT = datetime.fromisoformat(LOCAL)
A_LOCAL = but(A, start_time=LOCAL)
NUMBER = "not_a_whole_number_in_range"
TIME = "not_a_time_as_declared"
BOMB = packed(bytes(300_000_000))
CUT = packed(calls(*[but(A, call_id=f"C{n}") for n in range(2_000)]))[:-900]


def refused(line: int, title: str, content: object, reason: str, name: str = "calls.csv", says: str = "") -> Bad:
    """A file that is rejected whole."""
    return Bad(line, title, content, verdict="rejected", reasons={reason: 1}, name=name, says=says)  # type: ignore[arg-type]


FILES = [
    refused(29, "thirty gigabytes", sparse, "too_large", says="GB"),
    refused(38, "no bytes", b"", "empty"),
    refused(38, "blank lines only", "\n \n\n", "unknown_layout", says="header"),
    Bad(39, "a header alone", calls(), says="no rows"),
    refused(40, "a login page", "<!DOCTYPE html><html>Sign in</html>", "another_kind", says="web page"),
    refused(40, "a page without a doctype", "\n<HTML><body>503</body></HTML>", "another_kind", says="web page"),
    refused(40, "an error as JSON", '{"error": "token expired"}', "unknown_layout"),
    refused(40, "a PDF", b"%PDF-1.7\n%\xe2\xe3", "another_kind", says="PDF"),
    Bad(40, "a workbook named csv", workbook([cells(A, start_time=HALF_PAST_EIGHT)]), [A_LOCAL]),
    refused(41, "another report under the name", "agent,logged_in\nA1,3600\n", "unknown_layout"),
    refused(41, "a later day under the name", calls(A, B), "another_day", name="calls_2026-11-10.csv", says="2026-11-13"),
    refused(41, "a day long past under the name", calls(but(A, start_time="2025-02-03T08:00:00-07:00")), "another_day", name="calls_20261113.csv", says="2025-02-03"),
    Bad(41, "the day before under the name", calls(A, B), [A, B], name="calls_2026-11-14.csv"),
    refused(42, "gzip cut off", CUT, "damaged_archive", name="calls.csv.gz"),
    refused(43, "gzip with a wrong checksum", packed(calls(A))[:-8] + bytes(8), "damaged_archive", name="calls.csv.gz"),
    refused(43, "zip with a wrong checksum", zipped({"calls.csv": calls(A)}).replace(b"\x00\x00\x00\x00calls.csv", b"\x00\x00\x00\x00calls.csv").replace(zipped({"calls.csv": calls(A)})[14:18], b"\x01\x02\x03\x04"), "damaged_archive", name="calls.zip"),
    Bad(44, "two gzip members", packed(calls(A)) + packed(B + "\n"), [A, B], name="calls.csv.gz"),
    Bad(45, "gzip named csv", packed(calls(A, B)), [A, B]),
    Bad(45, "csv named gz", calls(A, B), [A, B], name="calls.csv.gz"),
    refused(46, "a gzip bomb", BOMB, "archive_bomb", name="calls.csv.gz", says="times its size"),
    refused(46, "a zip bomb", zipped({"calls.csv": bytes(300_000_000)}), "archive_bomb", name="calls.zip"),
    refused(47, "a member that climbs out", zipped({"../calls.csv": calls(A)}), "unsafe_archive", name="a.zip", says="path"),
    refused(47, "a member with an absolute name", zipped({"/etc/calls.csv": calls(A)}), "unsafe_archive", name="a.zip"),
    refused(47, "a member with a drive", zipped({"C:\\calls.csv": calls(A)}), "unsafe_archive", name="a.zip"),
    refused(47, "two members of one name", twice_in_zip("calls.csv", "calls.csv"), "unsafe_archive", name="a.zip", says="twice"),
    refused(47, "two members that differ in case", twice_in_zip("calls.csv", "CALLS.csv"), "unsafe_archive", name="a.zip"),
    refused(47, "a symbolic link", zipped({"calls.csv": "/etc/passwd"}, external_attr=(stat.S_IFLNK | 0o777) << 16), "unsafe_archive", name="a.zip", says="link"),
    refused(47, "an archive in an archive", zipped({"calls.zip": zipped({"calls.csv": calls(A)})}), "unsafe_archive", name="a.zip"),
    refused(47, "an encrypted member", encrypted_zip(), "unsafe_archive", name="a.zip", says="encrypted"),
    refused(47, "an empty archive", zipped({}), "empty", name="a.zip"),
    Bad(48, "a formula with its value", workbook([cells(A_LOCAL, wait_seconds="=6+6~12")]), [A_LOCAL], name="calls.xlsx"),
    Bad(48, "a formula without its value", without_cached_values(workbook([cells(A_LOCAL), cells(but(C, start_time=LOCAL), hold_seconds="=1+1~2")])), [A_LOCAL], name="calls.xlsx", reasons={"hold_seconds:formula_without_value": 1}),
    refused(49, "merged cells", workbook([cells(A_LOCAL), cells(B)], merged="B2:B3"), "merged_cells", name="calls.xlsx", says="B2:B3"),
    refused(49, "hidden rows", workbook([cells(A_LOCAL), cells(B)], hidden_rows=[2]), "hidden_rows", name="calls.xlsx", says="row 3"),
    Bad(49, "a hidden sheet before", workbook([cells(A_LOCAL)], sheets=("Old", "Calls"), hidden_sheets=("Old",)), [A_LOCAL], name="calls.xlsx", says="hidden"),
    refused(49, "two sheets with rows", workbook([cells(A_LOCAL)], sheets=("May", "June")), "several_sheets", name="calls.xlsx", says="June"),
    Bad(49, "a title above the header", workbook([[], NAMES, cells(A_LOCAL), cells(but(C, start_time=LOCAL), hold_seconds="x")], header=["Calls of November"]), [A_LOCAL], name="calls.xlsx", reasons={f"hold_seconds:{NUMBER}": 1}, says="2 lines above the header"),
    Bad(50, "a serial number among dates", workbook([cells(A, start_time=HALF_PAST_EIGHT), cells(B, start_time=46339.35)]), [A_LOCAL], name="calls.xlsx", reasons={f"start_time:{TIME}": 1}),
    Bad(50, "dates reckoned from 1904", workbook([cells(A, start_time=HALF_PAST_EIGHT)], date_1904=True), [A_LOCAL], name="calls.xlsx"),
    Bad(50, "a time of day for seconds", workbook([cells(A_LOCAL), cells(but(C, start_time=LOCAL), hold_seconds=time(0, 1))]), [A_LOCAL], name="calls.xlsx", reasons={f"hold_seconds:{NUMBER}": 1}),
    Bad(50, "a span of time for seconds", workbook([cells(A_LOCAL), cells(but(C, start_time=LOCAL), hold_seconds=timedelta(days=2, minutes=3))]), [A_LOCAL], name="calls.xlsx", reasons={f"hold_seconds:{NUMBER}": 1}),
    Bad(51, "ids that are numbers", workbook([cells(A_LOCAL, call_id=4711)]), [but(A_LOCAL, call_id="4711")], name="calls.xlsx", says="leading zeros"),
    Bad(51, "an id whose last digits are lost", workbook([cells(A_LOCAL), cells(B, call_id=12345678901234567890)]), [A_LOCAL], name="calls.xlsx", reasons={"call_id:damaged_identifier": 1}),
    Bad(52, "#N/A", workbook([cells(A_LOCAL), cells(but(C, start_time=LOCAL), hold_seconds="=NA()~#N/A")]), [A_LOCAL], name="calls.xlsx", reasons={"hold_seconds:spreadsheet_error": 1}),
]  # fmt: skip
