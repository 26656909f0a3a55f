"""Bad inputs 53 to 81: numbers, durations, times, codes, names and keys."""

from __future__ import annotations

from tests.etl.bad_inputs import A, B, Bad, C, but, calls

NUMBER = "not_a_whole_number_in_range"
TIME = "not_a_time_as_declared"
SKIPPED = but(B, start_time="2026-03-08T02:30:00")
TWICE = but(B, start_time="2026-11-01T01:30:00")
MIDNIGHT = but(C, start_time="2026-11-13T23:59:50-07:00")
HOSTILE = [
    "'; drop table leg; --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "#import \"/etc/passwd\"",
    "\\input{/etc/passwd}",
    "%s%n{0.__class__}",
    "$(reboot)",
]  # fmt: skip
FORMULAS = ["=1+1", "+1", "-1", "@sum(a1)"]


def wait(text: str) -> str:
    """A call that waited for this."""
    return but(B, wait_seconds=text)


def at(text: str) -> str:
    """A call that began then."""
    return but(B, start_time=text)


def refused(line: int, title: str, row: str, reason: str) -> Bad:
    """A file of a good row and one that is put aside."""
    return Bad(line, title, calls(A, row), [A], reasons={reason: 1})


def taken(line: int, title: str, row: str, as_row: str | None = None, says: str = "") -> Bad:
    """A file of a good row and one that is taken, as it stands or as another row says."""
    return Bad(line, title, calls(A, row), [A, as_row or row], says=says)


VALUES = [
    refused(53, "negative seconds", wait("-12"), f"wait_seconds:{NUMBER}"),
    refused(54, "absurd seconds", wait("86401"), f"wait_seconds:{NUMBER}"),
    taken(54, "a whole day of seconds", wait("86400")),
    *[refused(55, text, wait(text), f"wait_seconds:{NUMBER}") for text in ("NaN", "inf", "1e9", "1e999")],
    *[refused(56, text, wait(text), f"wait_seconds:{NUMBER}") for text in ("63.7", "0x10", "1_000", "+60", "٦٠", "60.0")],
    refused(57, "thousands with a comma", wait("1,234"), f"wait_seconds:{NUMBER}"),
    refused(58, "a decimal comma", wait("55,5"), f"wait_seconds:{NUMBER}"),
    taken(59, "hours, minutes and seconds", wait("0:01:05"), wait("65"), says="h:mm:ss"),
    refused(59, "minutes and seconds, which may be hours and minutes", wait("1:05"), f"wait_seconds:{NUMBER}"),
    refused(59, "seventy minutes and an hour", wait("1:70:05"), f"wait_seconds:{NUMBER}"),
    refused(60, "month, day, year", at("11/13/2026 08:30:00"), f"start_time:{TIME}"),
    refused(60, "day, month, year", at("13/11/2026 08:30:00"), f"start_time:{TIME}"),
    refused(61, "a year of two digits", at("26-11-13 08:30:00"), f"start_time:{TIME}"),
    refused(61, "an American year of two digits", at("3/1/26 8:00"), f"start_time:{TIME}"),
    refused(62, "an afternoon", at("2026-11-13 02:30:00 PM"), f"start_time:{TIME}"),
    refused(62, "trailing text", at("2026-11-13 08:30:00 garbage"), f"start_time:{TIME}"),
    taken(63, "Z", at("2026-11-13T15:31:00Z"), at("2026-11-13T15:31:00+00:00")),
    taken(63, "another offset", at("2026-11-13T18:31:00+03:00")),
    refused(64, "30 February", at("2026-02-30T08:00:00"), f"start_time:{TIME}"),
    refused(64, "30 February with an offset", at("2026-02-30T08:00:00-07:00"), f"start_time:{TIME}"),
    refused(64, "ten past twenty-five", at("2026-11-13T25:10:00"), f"start_time:{TIME}"),
    refused(64, "month 13", at("2026-13-01T08:00:00"), f"start_time:{TIME}"),
    taken(65, "the end of a day", at("2026-11-12T24:00:00"), at("2026-11-13T00:00:00"), says="24:00:00"),
    taken(65, "the end of a day with an offset", at("2026-11-12T24:00:00-07:00"), at("2026-11-13T00:00:00-07:00")),
    refused(65, "after the end of a day", at("2026-11-12T24:00:01"), f"start_time:{TIME}"),
    refused(66, "the hour that the clock skips", SKIPPED, f"start_time:{TIME}"),
    taken(67, "the hour that the clock shows twice", TWICE),
    taken(67, "its first passing, said by the offset", but(B, start_time="2026-11-01T01:30:00-06:00")),
    taken(68, "a call past midnight", MIDNIGHT),
    *[refused(69, text, at(text), f"start_time:{TIME}") for text in ("0026-11-13T08:30:00", "1900-01-01T00:00:00", "2099-01-01T00:00:00", "1970-01-01T00:00:00", "46339.35", "1794580200")],
    refused(70, "an unknown outcome", but(B, outcome="lost"), "outcome:unknown_code"),
    taken(70, "an outcome in capitals", but(B, outcome="ABANDONED"), B),
    refused(71, "abandoned, with talk", but(B, talk_seconds="9"), "abandoned_with_talk"),
    refused(71, "answered by nobody", but(C, agent_id=""), "answered_without_agent"),
    taken(72, "a queue and an agent nobody knows", but(C, queue="new desk", agent_id="A999")),
    taken(73, "leading zeros", but(B, call_id="00123")),
    taken(74, "an id like 1050E6", but(B, call_id="1050E6")),
    refused(74, "an id that a spreadsheet damaged", but(B, call_id="1.05E+17"), "call_id:damaged_identifier"),
    taken(75, "an id of twenty digits", but(B, call_id="12345678901234567890")),
    *[taken(76, f"a queue called {text}", but(B, queue=text)) for text in ("NULL", "NA", "None", "true")],
    taken(77, "padding", but(B, queue="  general\u00a0"), B),
    taken(77, "a letter written as two", but(B, queue="cafe\u0301"), but(B, queue="caf\u00e9")),
    Bad(80, "the same row twice", calls(A, B, A), [A, B], duplicate=1),
    Bad(80, "the same row, padded", calls(A, B, but(A, queue=" general ")), [A, B], duplicate=1),
    Bad(81, "one id, two calls", calls(A, B, but(A, wait_seconds="13")), [B], reasons={"conflicting_rows": 2}),
    Bad(81, "one id, two calls, one of them twice", calls(A, A, B, but(A, wait_seconds="13")), [B], reasons={"conflicting_rows": 3}),
    *[taken(91, text, but(B, queue=text)) for text in HOSTILE],
    *[taken(92, text, but(B, queue=text)) for text in FORMULAS],
    taken(92, "a caller with a plus", but(B, caller="+13035550199")),
    taken(93, "a line break in a queue's name", but(B, queue="gen\r\neral: x")),
]  # fmt: skip
