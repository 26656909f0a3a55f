"""The days whose stored measures a changed row puts out of date, noted so that only they are measured again."""

from __future__ import annotations

from sql.statements import statement
from sql.warehouse import LAKE, Warehouse

DAY_BY_DAY = "unnest(generate_series(start_at, end_at + interval 1 day, interval 1 day))"
# which stored measures a changed row puts out of date: the facts they are counted from, and the instants that place it
TOUCHES: dict[str, dict[str, tuple[str, ...]]] = {
    "contact": {"contact": ("entered_at",)},
    # work after a call may end on the day after the call
    "leg": {"visit": ("queue_enter_at",), "handled_leg": ("coalesce(acw_end_at, released_at)", "released_at")},
    "service_case": {"request": ("created_at", "due_at", "promised_at", "closed_at")},
    "case_event": {"request_event": ("happened_at",)},
    "interval_stat": {"reported_day": ("interval_start_at",)},
    "dispute": {"dispute": ("opened_at", "decided_at")},
    # a spell may go on for days, and one whose end nobody wrote down ends by the plan
    "agent_state": {"agent_time": (DAY_BY_DAY,)},
    "schedule": {"agent_time": (DAY_BY_DAY,)},
}
# by what a changed row of these tables is found among the evaluations, whose scores it may change
EVALUATED_BY = {
    "evaluation": "evaluation_id",
    "answer": "evaluation_id",
    "dispute": "evaluation_id",
    "form_item": "form_id",
    "contact": "contact_id",
    "leg": "contact_id",
}
TOUCH_ALL = frozenset({"team_member", "agent"})


def begin_touching(warehouse: Warehouse) -> None:
    """Forget what was noted before; call when a transaction begins."""
    warehouse.execute("create or replace temp table outdated_day (fact varchar, day date)")


def keep_touched(warehouse: Warehouse) -> None:
    """Keep the days that were noted, for the next measuring; inside the transaction."""
    if warehouse.has_rows("outdated_day"):
        warehouse.execute(f"insert into {LAKE}.touched_day select distinct fact, day from outdated_day")


def touch(warehouse: Warehouse, table: str, rows: str) -> None:
    """Note the operating days of some rows of a table.

    Instants are first thrown together by quarter hours, and both ends of each are asked for their day, since it is
    slow to ask for the day of a million instants.
    """
    for fact, instants in TOUCHES.get(table, {}).items():
        instant = instants[0] if len(instants) == 1 else f"unnest([{', '.join(instants)}])"
        warehouse.execute(
            f"""
            insert into outdated_day
            with instants as (
                select {instant} as instant
                from {rows}
            ),
            quarters as (
                select distinct time_bucket(interval 15 minute, instant) as start_at
                from instants
                where instant is not null
            )
            select $fact, operating_day(start_at) from quarters
            union
            select $fact, operating_day(start_at + interval 15 minute - interval 1 microsecond) from quarters
            """,
            {"fact": fact},
        )
    if table == "leg":
        _touch_called_back(warehouse, rows)


def _touch_called_back(warehouse: Warehouse, rows: str) -> None:
    """Note the days of the visits to which some legs, where they are callbacks, are the answer."""
    # not every layout tells of which leg another one is the answer
    columns = "select null::bigint as contact_id, null::bigint as parent_leg_id, null::varchar as leg_type where false"
    tries = f"from ({columns} union all by name select * from {rows}) where leg_type = 'callback'"
    if warehouse.connection.execute(f"{tries} limit 1").fetchall():
        warehouse.execute(
            f"""
            insert into outdated_day
            with tries as ({tries})
            select distinct 'visit', operating_day(queue_enter_at)
            from {LAKE}.leg
            where flow_out_kind = 'callback' and queue_enter_at is not null
                and (contact_id in (select contact_id from tries) or leg_id in (select parent_leg_id from tries))
            """
        )


def touch_evaluations(warehouse: Warehouse, which: str) -> None:
    """Note the days of some evaluations, of their answers and of the disputes about them."""
    warehouse.execute(statement("facts/touched_evaluation").replace("/* which */ true", which))


def touch_everything(warehouse: Warehouse) -> None:
    """Note that every stored measure is out of date, as after a change of teams or targets."""
    warehouse.execute(f"insert into {LAKE}.touched_day values ('*', null)")
