"""Bad inputs 1 to 37 that are about lines: encodings, quotes, line ends, widths and headers."""

from __future__ import annotations

from tests.etl.bad_inputs import HEADER, NAMES, A, B, Bad, C, but, calls

TITLES = "Calls by agent\nFrom,2026-11-13\n"
MANY = [but(A, call_id=f"C{number}") for number in range(100, 200)]
REVERSED = "\n".join(",".join(reversed(line.split(","))) for line in (HEADER, A, C)) + "\n"


def beyond_the_sample() -> str:
    """Sixty thousand calls; in line 45,002 a quote opens and never closes."""
    rows = [but(A, call_id=f"C{number}") for number in range(60_000)]
    rows[45_000] = rows[45_000].replace("general", '"general')
    return calls(*rows)


ROWS = [
    Bad(1, "a byte-order mark", b"\xef\xbb\xbf" + calls(A).encode(), [A]),
    Bad(2, "UTF-16, as Excel's Unicode text", b"\xff\xfe" + calls(A, B).encode("utf-16-le"), [A, B]),
    Bad(2, "UTF-16, big end first", b"\xfe\xff" + calls(A, B).encode("utf-16-be"), [A, B]),
    Bad(3, "UTF-16 without a mark", calls(A).encode("utf-16-le"), verdict="rejected", reasons={"not_text": 1}),
    Bad(3, "bytes of every kind", bytes(range(256)) * 4, verdict="rejected", reasons={"not_text": 1}),
    Bad(4, "a Windows-1252 byte in one row", calls(A, B).encode().replace(b"C2", b"C\xe9"), [A], reasons={"not_in_the_declared_encoding": 1}),
    Bad(5, "text that was decoded wrongly before", calls(but(A, queue="Ã©tat civil"), B), [but(A, queue="Ã©tat civil"), B], says="decoded wrongly"),
    Bad(6, "NUL in a field", calls(A, but(B, queue="gen\0eral")), [A], reasons={"queue:text_too_long_or_binary": 1}),
    Bad(6, "NUL in a number", calls(A, but(B, wait_seconds="4\0")), [A], reasons={"wait_seconds:not_a_whole_number_in_range": 1}),
    Bad(7, "a terminal's escape sequence", calls(A, but(B, queue="\x1b[31mred")), [A], reasons={"queue:invisible_character": 1}),
    Bad(7, "a Unicode line separator", calls(A, but(B, queue="gen\u2028eral")), [A], reasons={"queue:invisible_character": 1}),
    Bad(7, "text that turns its direction", calls(A, but(C, agent_id="A\u202e2")), [A], reasons={"agent_id:invisible_character": 1}),
    Bad(7, "a blank of no width in an agent's id", calls(A, but(C, agent_id="A2\u200b")), [A], reasons={"agent_id:invisible_character": 1}),
    Bad(8, "a field of a megabyte", calls(A, but(B, queue="x" * (1 << 20))), [A], reasons={"queue:text_too_long_or_binary": 1}),
    Bad(8, "a line of three megabytes", calls(A, but(B, queue="x" * (3 << 20)), C), [A, C], reasons={"queue:text_too_long_or_binary": 1}),
    Bad(8, "a quoted field of five megabytes", calls(A, but(B, queue='"' + "x" * (5 << 20))), [A], reasons={"text_too_long_or_binary": 1}),
    Bad(9, "a row too short", calls(A, B.rsplit(",", 1)[0], C), [A, C], reasons={"too_few_fields": 1}),
    Bad(10, "a row too long", calls(A, B + ",more", C), [A, C], reasons={"too_many_fields": 1}),
    Bad(10, "a comma that should be quoted", calls(A, B.replace("general", "general, upstairs"), C), [A, C], reasons={"too_many_fields": 1}),
    Bad(11, "a quote that never closes", calls(A.replace("general", '"general'), B), verdict="rejected", reasons={"unclosed_quote": 1}, says="line 2"),
    Bad(12, "a quote that never closes, far below", beyond_the_sample(), verdict="rejected", reasons={"unclosed_quote": 1}, says="line 45002"),
    Bad(13, "a pair of quotes over 61 lines", calls(A.replace("general", '"general'), *MANY[:60], C.replace("parking", 'parking"')), verdict="rejected", reasons={"unclosed_quote": 1}, says="line 2"),
    Bad(13, "a pair of quotes that swallows three whole rows", calls(A.replace("general", '"general'), *MANY[:3], C.replace("parking", 'parking"')), verdict="rejected", reasons={"unclosed_quote": 1}, says="line 2"),
    Bad(13, "a pair of quotes that joins two rows", calls(A.replace("general", '"general'), C.replace("parking", 'parking"')), verdict="rejected", reasons={"unclosed_quote": 1}, says="line 2"),
    Bad(14, "line break, comma and doubled quote in quotes", calls(but(A, queue="two\nlines"), but(B, queue="a, b"), but(C, queue='the "old" desk')), [but(A, queue="two\nlines"), but(B, queue="a, b"), but(C, queue='the "old" desk')]),
    Bad(15, "a stray quote within a field", calls(A.replace("general", '5" pipe'), B), [but(A, queue='5" pipe'), B]),
    Bad(16, "a quote escaped by a backslash", calls(A.replace("general", r'"the \"old\" desk"'), B), [but(A, queue='the "old" desk'), B], says="backslash"),
    Bad(16, "text after a closing quote", calls(A.replace("general", '"gen"eral'), B), [B], reasons={"misplaced_quote": 1}),
    Bad(17, "three kinds of line ends", f"{HEADER}\r\n{A}\n{B}\r{C}\r\n", [A, B, C]),
    Bad(17, "three kinds of line ends, and quotes", f"{HEADER}\r\n{but(A, queue='a, b')}\n{B}\r{C}\r\n", [but(A, queue="a, b"), B, C]),
    Bad(18, "carriage returns alone", calls(A, B, C, end="\r"), [A, B, C]),
    Bad(19, "blank lines and rows of commas", calls(A, "", ",,,,,,,,,,,", "  ", B), [A, B], blank=3),
    Bad(20, "a comment", calls(A, "# made by the night job", B), [A, B], reasons={"too_few_fields": 1}),
    Bad(20, "an end of report", calls(A, B, "End of report"), [A, B], reasons={"too_few_fields": 1}),
    Bad(21, "the last row cut off", calls(A, B) + C[:30], [A, B], reasons={"too_few_fields": 1}, says="incomplete"),
    Bad(23, "titles above the header", TITLES + calls(A), verdict="rejected", reasons={"unknown_layout": 1}, says="header"),
    Bad(24, "a row of totals", calls(A, B, "Total,,,,,,52,200,10,30,,"), [A, B], reasons={"queue:missing": 1}),
    Bad(24, "a row of totals that looks like a call", calls(A, B, "Total,all,,voice,inbound,,52,200,10,30,answered,"), [A, B], reasons={"start_time:missing": 1}),
    Bad(25, "the header again", calls(A, HEADER, B), [A, B], reasons={"header_again": 1}),
    Bad(26, "narrower rows first", "Report,Calls\n" * 1_000 + calls(A, B), verdict="rejected", reasons={"unknown_layout": 1}),
    Bad(26, "narrow rows under the whole header", calls(*["x,y"] * 2_000, A), verdict="rejected", reasons={"few_rows_fit": 1}, says="2,000 of 2,001"),
    *[Bad(27, f"fields parted by {mark!r}", calls(A, B).replace(",", mark), [A, B], says="parted by") for mark in ";\t|"],
    Bad(28, "five thousand columns", ",".join([*NAMES, *(f"x{n}" for n in range(5_000))]) + "\n", verdict="rejected", reasons={"too_many_columns": 1}),
    Bad(30, "columns in another order", REVERSED, [A, C]),
    Bad(31, "a column renamed", calls(A).replace("wait_seconds", "waiting_seconds"), verdict="rejected", reasons={"missing_column": 1}, says="wait_seconds missing"),
    Bad(32, "a column missing", "\n".join(line.rsplit(",", 1)[0] for line in (HEADER, A)), verdict="rejected", reasons={"missing_column": 1}, says="caller missing"),
    Bad(33, "a column more", f"{HEADER},mood\n{A},good\n", [A], says="1 columns not used: mood"),
    Bad(34, "a header twice", calls(A).replace("caller", "queue"), verdict="rejected", reasons={"header_twice": 1}, says="twice"),
    Bad(35, "no header", f"{A}\n{B}\n{C}", verdict="rejected", reasons={"unknown_layout": 1}, says="header"),
    Bad(36, "header in capitals, padded, quoted, with hard blanks", calls(A).replace(HEADER, ",".join(f'" {name.upper()}\u00a0"' for name in NAMES)), [A]),
    Bad(37, "a later file with its columns moved", REVERSED, [A, B, C], before=[("monday.csv", calls(B), "2026-11-14T00:00:00+00:00")], good=2),
    Bad(37, "a later file that lacks a column", "\n".join(line.rsplit(",", 1)[0] for line in (HEADER, A)), [B], verdict="rejected", reasons={"missing_column": 1}, before=[("monday.csv", calls(B), "2026-11-14T00:00:00+00:00")]),
]  # fmt: skip
