"""Read a file as rows of text, each with its line: nothing is inferred, and every physical line is accounted for."""

from __future__ import annotations

import csv
import json
import mmap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import pyarrow as pa

from etl.workbook import visible_sheets
from sql import FileRejected

DELIMITERS = (",", ";", "\t", "|")
ROWS_AT_A_TIME = 200_000
LONGEST_ROW_IN_LINES = 60
MOST_TITLE_LINES = 6
MOST_COLUMNS = 500
UNDECODABLE = "not_in_the_declared_encoding"
BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass
class TextRows:
    """A file's header and its rows; `batches` yields tables of `line_no` and either `raw` or `fields`.

    `unreadable` fills while the batches are read: the lines that could not be parted, with the reason
    (`column:reason` where it is known). `repaired` counts what was read otherwise than it is written.
    """

    header: list[str]
    encoding: str | None
    delimiter: str | None
    batches: Iterator[pa.Table]
    unreadable: dict[int, str] = field(default_factory=dict)
    repaired: dict[str, int] = field(default_factory=dict)
    numeric_columns: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


def encoding_of(path: Path, *, declared: tuple[str, ...] = ("utf-8",)) -> str:
    """The encoding that the byte-order mark gives, else the first declared one."""
    with path.open("rb") as file:
        head = file.read(4)
    for mark, encoding in BOMS.items():
        if head.startswith(mark):
            return encoding
    return declared[0]


def delimited_header(path: Path) -> tuple[list[str], str]:
    """The first line's fields and the delimiter that parts most of them; raises FileRejected on binary content."""
    encoding = encoding_of(path)
    try:
        with path.open("r", encoding=encoding, errors="surrogateescape", newline=None) as file:
            first = file.readline(1 << 20)
    except UnicodeError:
        first = "\0"
    if "\0" in first:
        message = "The file is neither text nor a workbook. Expected CSV, JSON or xlsx as the system exports it."
        raise FileRejected("not_text", message)
    delimiter = max(DELIMITERS, key=first.count)
    return next(csv.reader([first.rstrip("\n")], delimiter=delimiter), []), delimiter


def first_lines(path: Path, delimiter: str, encodings: tuple[str, ...], *, most: int = 20) -> list[list[str]]:
    """The fields of the first lines of a delimited file, leaving out blank ones."""
    encoding = encoding_of(path, declared=encodings)
    with path.open("r", encoding=encoding, errors="surrogateescape", newline="") as file:
        try:
            return [fields for fields in islice(csv.reader(file, delimiter=delimiter), most) if fields]
        except (csv.Error, UnicodeError):
            return []


def delimited(
    path: Path,
    *,
    delimiter: str,
    encodings: tuple[str, ...],
    quotes: bool,
    header: list[str] | None = None,
    header_lines: int = 1,
) -> TextRows:
    """The rows of a delimited file; quoting is strict, and a file without quotes is split line by line.

    A `header` is given where the first line does not hold it: `header_lines` stand above the rows, none or several.
    """
    encoding = encoding_of(path, declared=encodings)
    if header is None:
        header, _ = _first_fields(path, encoding, delimiter)
    if len(header) > MOST_COLUMNS:
        raise FileRejected("too_many_columns", f"The file has {len(header)} columns; at most {MOST_COLUMNS} are read.")
    rows = TextRows(header, encoding, delimiter, iter(()))
    quoted = quotes and _contains(path, b'"')
    rows.batches = (
        _quoted_batches(path, rows, delimiter, encoding, header_lines=header_lines)
        if quoted
        else _plain_batches(path, rows, encoding, header_lines=header_lines)
    )
    return rows


def _first_fields(path: Path, encoding: str, delimiter: str) -> tuple[list[str], int]:
    with path.open("r", encoding=encoding, errors="surrogateescape", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        return next(reader, []), reader.line_num


def _contains(path: Path, mark: bytes) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(mark) >= 0


def _plain_batches(path: Path, rows: TextRows, encoding: str, *, header_lines: int) -> Iterator[pa.Table]:
    with path.open("r", encoding=encoding, errors="surrogateescape", newline=None) as file:
        for _ in range(header_lines):
            file.readline()
        line_no = header_lines + 1
        while lines := file.readlines(1 << 24):
            numbers = pa.array(range(line_no, line_no + len(lines)), pa.int64())
            line_no += len(lines)
            yield _table(numbers, lines, rows)


def _table(numbers: pa.Array, lines: list[str], rows: TextRows) -> pa.Table:
    try:
        return pa.table({"line_no": numbers, "raw": pa.array(lines, pa.large_string())})
    except UnicodeEncodeError:
        readable = [_is_readable(line) for line in lines]
        rows.unreadable |= {n: UNDECODABLE for n, good in zip(numbers.to_pylist(), readable, strict=True) if not good}
        kept = [line for line, good in zip(lines, readable, strict=True) if good]
        return pa.table({"line_no": numbers.filter(pa.array(readable)), "raw": pa.array(kept, pa.large_string())})


def _is_readable(line: str) -> bool:
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _quoted_batches(
    path: Path, rows: TextRows, delimiter: str, encoding: str, *, header_lines: int
) -> Iterator[pa.Table]:
    return tables_of(_quoted_records(path, rows, delimiter, encoding, header_lines=header_lines))


def tables_of(records: Iterable[tuple[int, list[str]]]) -> Iterator[pa.Table]:
    """Rows that were parted already, as tables of a bounded size."""
    left = iter(records)
    while chunk := list(islice(left, ROWS_AT_A_TIME)):
        yield fields_table(chunk)


def fields_table(records: list[tuple[int, list[str]]]) -> pa.Table:
    """Rows that were parted already, as a table of `line_no` and `fields`."""
    return pa.table(
        {
            "line_no": pa.array([line for line, _ in records], pa.int64()),
            "fields": pa.array([fields for _, fields in records], pa.list_(pa.string())),
        }
    )


def _quoted_records(
    path: Path, rows: TextRows, delimiter: str, encoding: str, *, header_lines: int
) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(1 << 22)
    with path.open("r", encoding=encoding, errors="surrogateescape", newline="") as file:
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        for _ in range(header_lines):
            next(reader, None)
        while True:
            line_no = reader.line_num + 1
            lines.taken.clear()
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                mended = _mended(lines.taken, delimiter, len(rows.header))
                if mended is None:
                    raise _quote_error(line_no, str(error)) from None
                if not mended:
                    is_long = "limit" in str(error)
                    rows.unreadable[line_no] = "text_too_long_or_binary" if is_long else "misplaced_quote"
                    continue
                rows.repaired["backslash_quote"] = rows.repaired.get("backslash_quote", 0) + 1
                fields = mended
            if len(lines.taken) > 1:
                _refuse_swallowed(line_no, fields, len(lines.taken), delimiter, len(rows.header))
            if all(map(_is_readable, fields)):
                yield line_no, fields
            else:
                rows.unreadable[line_no] = UNDECODABLE


class _Lines:
    """The physical lines of a file, remembering those of the row being read."""

    def __init__(self, file: Iterator[str]) -> None:
        self.file = file
        self.taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self.file)
        self.taken.append(line)
        return line


def _mended(lines: list[str], delimiter: str, width: int) -> list[str] | None:
    """The fields of a row whose quotes are escaped by backslashes; [] where only this row is lost, None if more is.

    With quotes in pairs on one line it is certain where the row ends, whatever is wrong within it.
    """
    if len(lines) != 1 or (lines[0].count('"') - lines[0].count('\\"')) % 2:
        return None
    try:
        fields = next(csv.reader(lines, delimiter=delimiter, escapechar="\\", doublequote=False, strict=True))
    except csv.Error:
        fields = []
    return fields if len(fields) == width and '\\"' in lines[0] else []


def _refuse_swallowed(line_no: int, fields: list[str], lines: int, delimiter: str, width: int) -> None:
    """Refuse a row over several lines that was joined by a quote that belongs elsewhere.

    Such a row has not its columns, is very long, or holds a field that reads as the end of one row, whole rows, and
    the start of another.
    """
    if lines > LONGEST_ROW_IN_LINES or len(fields) != width:
        raise _quote_error(line_no, f"a quoted field runs over {lines} lines")
    for position, text in enumerate(fields):
        counts = [line.count(delimiter) for line in text.splitlines()]
        ends_fit = len(counts) > 1 and width > 2 and (counts[0], counts[-1]) == (width - 1 - position, position)
        if ends_fit and all(count == width - 1 for count in counts[1:-1]):
            raise _quote_error(line_no, "a quoted field holds what reads as further rows")


def _quote_error(line_no: int, fault: str) -> FileRejected:
    message = (
        f"The quotation marks do not pair up from line {line_no} on ({fault}), so rows cannot be told apart. "
        "Nothing was loaded: mend that line, or export again."
    )
    return FileRejected("unclosed_quote", message)


def json_rows(path: Path, *, encoding: str = "utf-8-sig") -> TextRows:
    """The objects of a JSON list (or one object a line) as rows; a row's line is its ordinal number from 1."""
    objects = _json_objects(path, encoding)
    header = list(dict.fromkeys(key for item in objects for key in item))
    records = [(number, [_as_text(item.get(key)) for key in header]) for number, item in enumerate(objects, start=1)]
    chunks = (records[start : start + ROWS_AT_A_TIME] for start in range(0, len(records), ROWS_AT_A_TIME))
    return TextRows(header, encoding, None, map(fields_table, chunks))


def _json_objects(path: Path, encoding: str) -> list[dict[str, Any]]:
    try:
        text = path.read_text(encoding=encoding)
        content = json.loads(text) if text.lstrip().startswith("[") else _json_lines(text)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        place = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else f"byte {error.start}"
        message = f"The file is not whole JSON: it breaks off or is damaged at {place}. Export it again."
        raise FileRejected("damaged_json", message) from None
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        raise FileRejected("not_a_list", "Expected a JSON list of objects, one object per row.")
    return content


def _json_lines(text: str) -> list[Any]:
    """The values of a text with one a line; one value over several lines is whole too, if no list of records."""
    try:
        return [json.loads(line) for line in text.splitlines()]
    except json.JSONDecodeError as error:
        try:
            json.loads(text)
        except json.JSONDecodeError:
            raise error from None
        message = "It is one JSON value and no list of records. Export a list of objects, or one object a line."
        raise FileRejected("not_a_list", message) from None


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def workbook_rows(path: Path) -> TextRows:
    """The rows of a workbook's first visible sheet; dates are written as ISO text, whole numbers without a point.

    Lines above the header with no more than one filled cell, as a title, are passed over. Raises FileRejected for
    merged cells or hidden rows, and where another visible sheet has the same header.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        sheets = visible_sheets(path)
        workbook = CalamineWorkbook.from_path(str(path))
        cells = {
            sheet.name: workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False) for sheet in sheets
        }
    except (CalamineError, OSError, KeyError, BadZipFile, ParseError) as error:
        raise FileRejected("damaged_workbook", f"The workbook cannot be read ({type(error).__name__}).") from None
    chosen = sheets[0]
    chosen.refuse_what_hides_rows()
    tables = {name: rows[_title_lines(rows) :] for name, rows in cells.items()}
    header, *others = ([_cell_text(cell) for cell in (rows[0] if rows else [])] for rows in tables.values())
    twins = [sheet.name for sheet, other in zip(sheets[1:], others, strict=True) if other and other == header]
    if twins:
        message = f"The sheets {', '.join([chosen.name, *twins])} have the same header. Save each as a file of its own."
        raise FileRejected("several_sheets", message)
    above, body = _title_lines(cells[chosen.name]), tables[chosen.name][1:]
    records = [(number, list(map(_cell_text, row))) for number, row in enumerate(body, start=above + 2)]
    readable = [(number, fields) for number, fields in records if number not in chosen.faults]
    rows = TextRows(header, None, None, iter([fields_table(readable)]))
    rows.unreadable = chosen.row_faults(header, header_row=above + 1)
    rows.numeric_columns = {
        name for position, name in enumerate(header) if any(isinstance(row[position], float | int) for row in body)
    }
    rows.notes = [f"{above} lines above the header not read"] if above else []
    rows.notes += [f"sheet {sheet.name} not read" for sheet in sheets[1:]] + [
        f"hidden sheet {name} not read" for name in chosen.hidden_sheets
    ]
    return rows


def _title_lines(rows: list[list[Any]]) -> int:
    """How many lines stand above the header: a title, or nothing."""
    filled = [sum(bool(_cell_text(cell)) for cell in row) for row in rows[:MOST_TITLE_LINES]]
    return next((number for number, count in enumerate(filled) if count > 1), 0)


def _cell_text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, float):
        return repr(cell)
    return str(cell).strip() if not hasattr(cell, "isoformat") else cell.isoformat()
