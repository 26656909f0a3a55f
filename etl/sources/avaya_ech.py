"""Avaya CMS External Call History, binary: a header of eight bytes, then records of one length, little-endian.

The order and widths are those of version 12 (493 bytes), proven field by field against the vendor's own print-out of
a file; the other versions are known by their record length only and are refused.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from etl.readers import Reader
from etl.text_rows import TextRows, tables_of
from sql import FileRejected

RECORD_BYTES = {2: 189, 3: 210, 4: 225, 5: 233, 11: 322, 12: 493, 16: 615, 163: 617, 17: 629}
DECODED = 12
HEADER = struct.Struct("<ii")
LONGS = (
    "callid", "acwtime", "onholdtime", "consulttime", "disptime", "duration", "segstart", "segstop", "talktime",
    "netintime", "origholdtime", "queuetime", "ringtime",
)  # fmt: skip
SHORTS = (
    "dispivector", "dispsplit", "firstivector", "split1", "split2", "split3", "trunkgroup", "tk_locid", "orig_locid",
    "answer_locid", "obs_locid", "uui_len",
)  # fmt: skip
FLAGS = (
    "assist", "audio_difficulty", "conference", "da_queued", "hold_abn", "malicious", "observing_call", "transferred",
    "agt_released",
)  # fmt: skip
BYTES = (
    "acdnum", "call_disp", "disppriority", "holds", "segment", "ansreason", "origreason", "dispsklevel",
    *(f"events[{number}]" for number in range(9)),
)  # fmt: skip
TEXTS = {
    "ucid": 21, "dispvdn": 8, "eqloc": 10, "firstvdn": 8, "orig_logid": 10, "ans_logid": 10, "last_observer": 10,
    "dialed_number": 25, "calling_party": 13, "collect_digits": 17, "cwc_digits": 17, "calling_II": 3,
    **{f"first_cwcs[{number}]": 17 for number in range(5)},
    **{f"vdn{number}": 8 for number in range(2, 10)},
}  # fmt: skip
RECORD = struct.Struct(
    f"<{len(LONGS)}i{len(SHORTS)}hH{len(BYTES)}B{''.join(f'{width}s' for width in TEXTS.values())}97s"
)
COLUMNS = [*LONGS, *SHORTS, *FLAGS, *BYTES, *TEXTS, "uui_hex"]
FIRST_CALLS, LAST_CALLS = 500_000_000, 4_000_000_000


def knows(head: bytes) -> bool:
    """Whether the header names a known version and the first record holds two moments in their order."""
    if len(head) < HEADER.size + 32 or HEADER.unpack_from(head)[0] not in RECORD_BYTES:
        return False
    place = HEADER.size + 4 * LONGS.index("segstart")
    began, ended = (int(moment) for moment in struct.unpack_from("<ii", head, place))
    return FIRST_CALLS < began <= ended + 86_400 < LAST_CALLS


def rows(path: Path) -> TextRows:
    """Every record as text; a row's line is the record's number from 1."""
    return TextRows(COLUMNS, None, None, tables_of(_records(path)))


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    content = path.read_bytes()
    version = HEADER.unpack_from(content)[0]
    if version != DECODED:
        message = (
            f"The file is call history in format version {version}; version {DECODED} can be read. Let CMS write "
            "the file as ASCII, or set its format to 12."
        )
        raise FileRejected("unknown_version", message)
    whole, rest = divmod(len(content) - HEADER.size, RECORD.size)
    for number in range(whole):
        yield number + 1, _fields(RECORD.unpack_from(content, HEADER.size + number * RECORD.size))
    if rest:
        # a record that breaks off is put aside for its missing fields
        yield whole + 1, [f"{rest} of {RECORD.size} bytes"]


def _fields(values: tuple[int | bytes, ...]) -> list[str]:
    numbers = [value for value in values if isinstance(value, int)]
    texts = [value for value in values if isinstance(value, bytes)]
    front = len(LONGS) + len(SHORTS)
    flags = [str(numbers[front] >> bit & 1) for bit in range(len(FLAGS))]
    written = [text.partition(b"\0")[0].decode("latin-1").strip() for text in texts[:-1]]
    length = numbers[len(LONGS) + SHORTS.index("uui_len")]
    user_to_user = texts[-1][: max(length, 0)].hex().upper()
    return [*map(str, numbers[:front]), *flags, *map(str, numbers[front + 1 :]), *written, user_to_user]


READER = Reader(knows, rows)
