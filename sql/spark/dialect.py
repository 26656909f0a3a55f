"""DuckDB's SQL as Spark's: sqlglot's translation, and what it leaves out or gets wrong, as a table of rewrites.

A fact on Spark is its statement in `sql/`, with the macros and spans that it uses written into it. Where Spark reckons
a macro differently, `functions/` has it in Spark's words; everything else is one entry of `REWRITES`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from string import Template
from typing import ClassVar

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.generators.spark import SparkGenerator

from sql.fact_views import PARAMETERS, fact_folders
from sql.statements import names, statement

PREFIX = "lake_"
MACRO = re.compile(r"create or replace macro (\w+)\(([^)]*)\) as\s", re.IGNORECASE)
# in an asof join: until when a row is the newest one of its key
UNTIL = "asof_until"
CALLED, STRING = re.compile(r"\b([A-Za-z_]\w*)\("), re.compile(r"'(?:[^'\\]|\\.)*'")
# functions, and words with a bracket after them, that may stand in a statement for Spark: what both make of each was
# compared (tests/spark), so another one is refused until it was
SHARED = frozenset(
    "abs any_value array array_distinct array_max bool_or cast ceil coalesce concat concat_ws convert_timezone count "
    "date_add date_format decimal exists explode filter greatest if lag last_value lead least length ln lower max "
    "make_dt_interval map_from_arrays max_by min named_struct nullif percentile_cont percentile_disc pmod row_number "
    "sequence split struct sum timestampadd trim try_element_at unix_micros unix_millis".split()
)


class _Generator(SparkGenerator):
    """Spark's SQL, in which a statement within another keeps its own names."""

    EXPRESSIONS_WITHOUT_NESTED_CTES: ClassVar[set[type[exp.Expr]]] = set()


class NotTranslatable(ValueError):
    """A statement uses what no rewrite is known for."""


@dataclass(frozen=True)
class Macro:
    """A small function as a tree to be written in where it is called."""

    parameters: tuple[str, ...]
    body: exp.Expr
    # what it says of a word, or else its second argument: Spark takes no function where a window's frame is told
    told: Mapping[str, float] | None = None

    def written_in(self, arguments: Sequence[exp.Expr]) -> exp.Expr:
        """Its body with the arguments in the place of its parameters."""
        if self.told is not None:
            word = self.told.get(arguments[0].name)
            said = arguments[1] if word is None else exp.Literal.number(repr(word))
            return exp.Paren(this=exp.cast(said, exp.DataType.Type.DOUBLE))
        return exp.Paren(this=_replaced(self.body.copy(), dict(zip(self.parameters, arguments, strict=True))))


def macros(values: Mapping[str, str], used: Sequence[str]) -> dict[str, Macro]:
    """The macros of some names, filled with the centre's values; Spark's own where there is one."""
    own = names("spark/functions")
    found = {}
    for name in {*used, *own}:
        path, dialect = (f"spark/functions/{name}", "spark") if name in own else (f"macros/{name}", "duckdb")
        text = Template(statement(path)).safe_substitute({key: one.replace("'", "''") for key, one in values.items()})
        head = MACRO.search(text)
        if head is None:
            raise NotTranslatable(f"{path} is not a macro of one expression.")
        body = sqlglot.parse_one(text[head.end() :], read=dialect)
        told = _rules(values) if name == "rule" else None
        found[name] = Macro(tuple(head[2].replace(" ", "").split(",")), body, told)
    return found


def _rules(values: Mapping[str, str]) -> dict[str, float]:
    """The numbers that the centre set for its own reckoning, by name."""
    numbers = json.loads(values["rule_numbers"].partition("::")[0])
    return dict(zip(values["rule_names"].split(), numbers, strict=True))


def spark_text(
    text: str,
    known: Mapping[str, Macro],
    *,
    days: Sequence[date] = (),
    arguments: Mapping[str, exp.Expr] | None = None,
) -> str:
    """A statement of DuckDB's as one of Spark's; `$days` in it are these days."""
    tree = _tree(text).copy()
    tree = _with_days(tree, days)
    tree = _replaced(tree, arguments or {})
    tree = _with_spans(tree)
    tree = _with_macros(tree, known)
    for kind, rewrite in REWRITES:
        # what stands inside comes first, so that a rewrite finds its parts rewritten
        for node in reversed(list(tree.find_all(kind))):
            new = rewrite(node)
            if new is not node:
                tree = new if node is tree else tree
                node.replace(new)
    made = _Generator(dialect="spark", comments=False, normalize_functions="lower").generate(tree, copy=False)
    if unknown := {name.lower() for name in CALLED.findall(STRING.sub("''", made))} - SHARED:
        raise NotTranslatable(
            f"Nobody has compared what DuckDB and Spark make of {', '.join(sorted(unknown))}. Write the statement with "
            f"other functions, or rewrite this one in {__name__} and add it to SHARED once both give the same."
        )
    return made


@cache
def _tree(text: str) -> exp.Expr:
    return sqlglot.parse_one(text, read="duckdb")


def _replaced(tree: exp.Expr, arguments: Mapping[str, exp.Expr]) -> exp.Expr:
    """The tree with expressions in the place of names that stand alone."""
    if not arguments:
        return tree
    holder = exp.Paren(this=tree)
    for column in list(holder.find_all(exp.Column)):
        if not column.table and column.name in arguments:
            given = arguments[column.name].copy()
            column.replace(given if isinstance(given, exp.Literal | exp.Column) else exp.Paren(this=given))
    found: exp.Expr = holder.this
    return found.pop() if found.parent else found


def _date(day: date) -> exp.Expr:
    return exp.cast(exp.Literal.string(day.isoformat()), exp.DataType.Type.DATE)


def _list(days: Sequence[date]) -> exp.Expr:
    return exp.cast(exp.Array(expressions=[_date(day) for day in days]), exp.DataType.build("array<date>"))


def _with_days(tree: exp.Expr, days: Sequence[date]) -> exp.Expr:
    """The days written in: the first and the last as such, since a list of a thousand need not stand there twice."""
    for bracket in list(tree.find_all(exp.Bracket)):
        if bracket.find(exp.Placeholder):
            place = bracket.expressions[0]
            bracket.replace(_date(days[-1] if isinstance(place, exp.Neg) else days[0]))
    for placeholder in list(tree.find_all(exp.Placeholder)):
        inner = placeholder.parent if isinstance(placeholder.parent, exp.Cast) else placeholder
        inner.replace(_list(days))
    return tree


def _with_spans(tree: exp.Expr) -> exp.Expr:
    """The statements of spans and stocks written in where they are selected from."""
    while True:
        called = [table for table in tree.find_all(exp.Table) if isinstance(table.this, exp.Anonymous)]
        called = [table for table in called if fact_folders().get(table.this.name, "views") != "views"]
        if not called:
            return tree
        for table in called:
            name = table.this.name
            folder = fact_folders()[name]
            parameters = PARAMETERS[folder].split(", ")
            given = dict(zip(parameters, table.this.expressions, strict=True))
            inner = _replaced(_tree(statement(f"{folder}/{name}")).copy(), given)
            table.replace(exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier(table.alias or name))))


def _with_macros(tree: exp.Expr, known: Mapping[str, Macro]) -> exp.Expr:
    holder = exp.Paren(this=tree)
    while called := [node for node in holder.find_all(exp.Anonymous) if node.name.lower() in known]:
        for node in reversed(called):
            node.replace(known[node.name.lower()].written_in([one.copy() for one in node.expressions]))
    for shown in list(holder.find_all(exp.AtTimeZone)):
        inner = shown.this
        if isinstance(inner, exp.Anonymous) and inner.name.lower() == "timezone" and shown.args["zone"].name == "UTC":
            shown.replace(known["instant_in"].written_in([one.copy() for one in inner.expressions]))
    found: exp.Expr = holder.this
    return found.pop()


def _call(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _stored_table(table: exp.Table) -> exp.Expr:
    """`lake.leg` is the view `lake_leg` there, and keeps its name in the statement."""
    if table.db != "lake":
        return table
    alias = table.alias or table.name
    return exp.alias_(exp.Table(this=exp.to_identifier(PREFIX + table.name)), alias, table=True)


def _in_milliseconds(node: exp.UnixToTime) -> exp.Expr:
    """epoch_ms() of an instant; sqlglot takes it for the instant of a number."""
    if node.args.get("scale") is None or node.args["scale"].name != "3":
        raise NotTranslatable(f"{node.sql('duckdb')} is known of milliseconds alone.")
    return _call("unix_millis", node.this.copy())


def _moved(node: exp.Add | exp.Sub) -> exp.Expr:
    """An instant, so many milliseconds later or earlier."""
    inner = node.expression
    if not isinstance(inner, exp.Anonymous) or inner.name.lower() != "to_milliseconds":
        return node
    many: exp.Expr = exp.Paren(this=inner.expressions[0].copy())
    if isinstance(node, exp.Sub):
        many = exp.Neg(this=many)
    return _call("timestampadd", exp.var("MILLISECOND"), many, node.this.copy())


def _bucket(node: exp.DateBin) -> exp.Expr:
    """The start of the minutes in which an instant lies: Spark has no time_bucket()."""
    width = node.this
    if not isinstance(width, exp.Interval) or str(width.args.get("unit")).upper() != "MINUTE":
        raise NotTranslatable(f"{node.sql('duckdb')} is known of minutes alone.")
    micros = exp.Literal.number(int(width.this.name) * 60_000_000)
    instant = node.expression
    past = exp.Neg(this=_call("pmod", _call("unix_micros", instant.copy()), micros))
    return _call("timestampadd", exp.var("MICROSECOND"), past, instant.copy())


def _series(node: exp.GenerateSeries) -> exp.Expr:
    """A series that may be empty: Spark would count down, or refuse."""
    start, end, step = (node.args.get(part) for part in ("start", "end", "step"))
    if start is None or end is None or step is None or node.args.get("is_end_exclusive"):
        raise NotTranslatable(f"{node.sql('duckdb')}: a series is known with its end and its step alone.")
    series = _call("sequence", start.copy(), end.copy(), step.copy())
    return _call("if", exp.LTE(this=start.copy(), expression=end.copy()), series, _call("array"))


def _rows_of(node: exp.Cast) -> exp.Expr:
    """Rows of a list cast to a type: Spark lets nothing stand around explode()."""
    if not isinstance(node.this, exp.Explode):
        return node
    of = exp.DataType(this=exp.DataType.Type.ARRAY, expressions=[node.to.copy()], nested=True)
    return exp.Explode(this=exp.cast(node.this.this.copy(), of))


def _with_replaced(select: exp.Select) -> exp.Expr:
    """`* replace (x as y)` is every column but y, and x as y."""
    columns = []
    for column in select.expressions:
        star = column.this if isinstance(column, exp.Column) else column
        replaced = star.args.get("replace") if isinstance(star, exp.Star) else None
        columns.append(column)
        if replaced:
            star.set("replace", None)
            star.set("except_", [exp.to_identifier(one.alias) for one in replaced])
            columns.extend(one.copy() for one in replaced)
    select.set("expressions", columns)
    return select


def _in_rows(node: exp.In) -> exp.Expr:
    """(a, b) in (select (c, d) ...): as structs, which compare nulls as DuckDB's do."""
    if not isinstance(node.this, exp.Tuple) or node.args.get("query") is None:
        return node
    inner = node.args["query"].this
    inner.set("expressions", [_struct(one) if isinstance(one, exp.Tuple) else one for one in inner.expressions])
    node.set("this", _struct(node.this))
    return node


def _struct(row: exp.Tuple) -> exp.Expr:
    parts = [
        part for number, one in enumerate(row.expressions) for part in (exp.Literal.string(f"c{number}"), one.copy())
    ]
    return _call("named_struct", *parts)


def _largest(node: exp.ArgMax) -> exp.Expr:
    """arg_max() leaves out rows in which it would give null; max_by() does not."""
    taken = exp.Where(this=exp.Not(this=exp.Is(this=node.this.copy(), expression=exp.Null())))
    return exp.Filter(this=_call("max_by", node.this.copy(), node.expression.copy()), expression=taken)


def _anonymous(node: exp.Anonymous) -> exp.Expr:
    """The few other functions that Spark calls by another name."""
    name = node.name.lower()
    if name == "map_extract_value":
        return _call("try_element_at", *(one.copy() for one in node.expressions))
    if name == "to_milliseconds":
        seconds = exp.Div(this=exp.Paren(this=node.expressions[0].copy()), expression=exp.Literal.number(1000))
        return _call("make_dt_interval", *(exp.Literal.number(0) for _ in range(3)), seconds)
    return node


def _of_days(node: exp.ToDays) -> exp.Expr:
    return _call("make_dt_interval", node.this.copy())


def _difference(node: exp.DateDiff) -> exp.Expr:
    """date_diff() counts the boundaries crossed; sqlglot's own counts whole units."""
    if str(node.args.get("unit")).upper() != "MILLISECOND":
        raise NotTranslatable(f"{node.sql('duckdb')} is known of milliseconds alone.")
    parts = [_call("unix_millis", one.copy()) for one in (node.this, node.expression)]
    return exp.Paren(this=exp.Sub(this=parts[0], expression=parts[1]))


def _exact(node: exp.WithinGroup) -> exp.Expr:
    """An exact percentile; sqlglot alone would make an approximate one of it, without a word."""
    if not isinstance(node.this, exp.PercentileCont | exp.PercentileDisc):
        return node
    name = "percentile_cont" if isinstance(node.this, exp.PercentileCont) else "percentile_disc"
    return exp.WithinGroup(this=_call(name, node.this.this.copy()), expression=node.expression.copy())


def _newest_row(join: exp.Join) -> exp.Expr:
    """An asof join as a join with spans: each row on the right counts until the next one of its key."""
    if join.method != "ASOF":
        return join
    right = join.this
    alias = right.alias or right.name
    conditions = list(join.args["on"].flatten()) if isinstance(join.args["on"], exp.And) else [join.args["on"]]
    order = next(one for one in conditions if isinstance(one, exp.GT | exp.GTE | exp.LT | exp.LTE))
    if not isinstance(order.expression, exp.Column) or order.expression.table != alias:
        raise NotTranslatable(f"In {join.sql('duckdb')} the right side of the comparison is not a column of {alias}.")
    keys = [
        side.name
        for one in conditions
        if isinstance(one, exp.EQ)
        for side in (one.this, one.expression)
        if isinstance(side, exp.Column) and side.table == alias
    ]
    moment = order.expression.name
    follows = "lead" if isinstance(order, exp.GT | exp.GTE) else "lag"
    window = exp.Window(
        this=_call(follows, exp.column(moment)),
        partition_by=[exp.column(key) for key in keys],
        order=exp.Order(expressions=[exp.Ordered(this=exp.column(moment), nulls_first=False)]),
    )
    bare = right.copy()
    if isinstance(bare, exp.Table | exp.Subquery):
        bare.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    spans = (
        exp.select(exp.Column(this=exp.Star(), table=exp.to_identifier(alias)), exp.alias_(window, UNTIL))
        .from_(bare)
        .where(exp.Not(this=exp.Is(this=exp.column(moment, alias), expression=exp.Null())))
    )
    until = exp.column(UNTIL, alias)
    over = type(order)(this=order.this.copy(), expression=until.copy())
    ends = exp.Or(this=exp.Is(this=until, expression=exp.Null()), expression=exp.Not(this=exp.Paren(this=over)))
    on = exp.and_(*(one.copy() for one in conditions), exp.Paren(this=ends))
    spanned = exp.Subquery(this=spans, alias=exp.TableAlias(this=exp.to_identifier(alias)))
    return exp.Join(this=spanned, side=join.side or None, on=on)


Rewrite = Callable[..., exp.Expr]


# in this order: what one leaves behind, a later one may take up
def _reckoned(frame: exp.Expr) -> exp.Expr:
    """A window's frame whose ends are numbers: Spark takes no expression there, be it as constant as a rule."""
    for end in ("start", "end"):
        said = frame.args.get(end)
        if isinstance(said, exp.Expr) and not isinstance(said, exp.Literal):
            row = duckdb.execute(f"select {said.sql('duckdb')}").fetchone()
            frame.set(end, exp.Literal.number(str(row[0] if row else said)))
    return frame


REWRITES: tuple[tuple[type[exp.Expr], Rewrite], ...] = (
    (exp.WindowSpec, _reckoned),
    (exp.Select, _with_replaced),
    (exp.In, _in_rows),
    (exp.Join, _newest_row),
    (exp.Table, _stored_table),
    (exp.UnixToTime, _in_milliseconds),
    (exp.DateDiff, _difference),
    (exp.DateBin, _bucket),
    (exp.Add, _moved),
    (exp.Sub, _moved),
    (exp.Cast, _rows_of),
    (exp.GenerateSeries, _series),
    (exp.ArgMax, _largest),
    (exp.ToDays, _of_days),
    (exp.WithinGroup, _exact),
    (exp.Anonymous, _anonymous),
)
