"""Wrong numbers that others have shipped about calls: each test pins one. Never weaken one to let a change pass."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from metrics import Scope, measure
from sql.touched_days import begin_touching, touch
from tests.metrics.town import at, call, calls, counted, days, town, value

DAY = days("2026-11-03")
TARGETS = {
    "target": [
        {"metric": "service_level", "queue": "fast", "within_seconds": 20},
        {"metric": "service_level", "queue": "slow", "within_seconds": 120},
    ]
}


def test_a_call_that_enters_a_queue_twice_is_one_contact_and_two_visits() -> None:
    """xivo-dao joins leave to enter by call and queue only, and makes four rows of two visits."""
    contact, first = call(1, at("2026-11-03T09:00"), wait=40, answered=False, end_reason="flow_out")
    _, second = call(2, at("2026-11-03T09:02"), wait=10)
    third = {**second, "leg_id": 3, "queue_enter_at": at("2026-11-03T09:30"), "visit_no": 3}
    centre = town(
        contact=[{**contact, "outcome": "answered"}],
        leg=[first, {**second, "contact_id": 1, "visit_no": 2}, {**third, "contact_id": 1}],
    )
    expected = {
        "contacts_offered": 1,
        "visits_offered": 3,
        "visits_again": 2,
        "contacts_answered": 1,
        "visits_answered": 2,
        "legs_handled": 2,
    }
    assert {name: value(centre, name, DAY) for name in expected} == expected


def test_two_queues_with_two_targets_are_one_total_of_verdicts() -> None:
    """VICIdial judges many groups by one threshold."""
    made = [
        call(1, at("2026-11-03T09:00"), wait=60, queue_id="fast"),
        call(2, at("2026-11-03T09:00"), wait=60, queue_id="slow"),
    ]
    assert value(town(TARGETS, **calls(*made)), "service_level", DAY) == 0.5


def test_a_contact_is_judged_by_the_target_of_its_day() -> None:
    targets = [
        {"metric": "service_level", "within_seconds": 20},
        {"metric": "service_level", "within_seconds": 90, "from": "2026-11-04"},
    ]
    made = [call(1, at("2026-11-03T09:00"), wait=60), call(2, at("2026-11-04T09:00"), wait=60)]
    centre = town({"target": targets}, **calls(*made))
    assert [value(centre, "service_level", days(day)) for day in ("2026-11-03", "2026-11-04")] == [0, 1]


def test_a_transferred_call_is_answered_once_and_handled_twice() -> None:
    """Asternic counts COMPLETE events only, so transferred calls vanish; others charge the first agent with all of it."""
    contact, first = call(
        1, at("2026-11-03T09:50"), wait=10, talk=300, wrap=20, end_reason="warm_transfer", transfer_class="agent"
    )
    _, second = call(2, at("2026-11-03T09:56"), talk=900, wrap=60, agent_id="A2", leg_type="direct", queue_id=None)
    centre = town(contact=[contact], leg=[first, {**second, "contact_id": 1, "visit_no": 2}])
    assert value(centre, "contacts_answered", DAY) == 1
    assert value(centre, "legs_handled", DAY) == 2
    assert value(centre, "contacts_handled", DAY) == 1
    by_agent = measure(centre, ["average_handle_time"], by=["agent"], during=DAY, scope=Scope.whole_centre())
    assert dict(by_agent.select("agent", "value").iter_rows()) == {"A1": 320, "A2": 960}


def test_a_call_across_midnight_arrives_on_one_day_and_is_finished_on_the_next() -> None:
    centre = town(**calls(call(1, at("2026-11-03T23:50"), wait=30, talk=1200)))
    assert [value(centre, "contacts_answered", days(day)) for day in ("2026-11-03", "2026-11-04")] == [1, 0]
    assert [value(centre, "legs_handled", days(day)) for day in ("2026-11-03", "2026-11-04")] == [0, 1]


def test_after_call_work_over_three_intervals_is_cut_at_their_edges() -> None:
    """Wazo gives wrap-up to its first and last hour only and looks back two minutes."""
    centre = town(**calls(call(1, at("2026-11-03T09:55"), talk=60, wrap=5400)))
    frame = measure(centre, ["workload_split"], by=["interval"], during=DAY, scope=Scope.whole_centre())
    minutes = [round(60 * hours, 6) for hours in frame["value"]]
    assert minutes == [5, 30, 30, 26]
    assert sum(minutes) == 60 * value(centre, "workload", DAY)  # type: ignore[operator]


def test_a_transfer_at_the_stroke_of_the_hour_is_in_the_later_interval() -> None:
    contact, first = call(1, at("2026-11-03T09:50"), talk=600, end_reason="warm_transfer", transfer_class="queue")
    _, second = call(2, at("2026-11-03T10:00"), wait=0, talk=60)
    centre = town(contact=[contact], leg=[first, {**second, "contact_id": 1, "visit_no": 2}])
    frame = measure(centre, ["visits_offered"], by=["hour"], during=DAY, scope=Scope.whole_centre())
    assert dict(frame.select("hour", "value").iter_rows()) == {9: 1, 10: 1}


def test_the_closing_hour_is_out() -> None:
    """Wazo's opening until 17:00 counts calls until 17:59."""
    settings = {"peak": [{"days": "mon-fri", "from": 8, "to": 17}]}
    made = [
        call(n, at(f"2026-11-03T{time}")) for n, time in enumerate(("07:59:59", "08:00", "16:59:59", "17:00", "17:30"))
    ]
    frame = measure(
        town(settings, **calls(*made)), ["contacts_offered"], by=["peak"], during=DAY, scope=Scope.whole_centre()
    )
    assert dict(frame.select("peak", "value").iter_rows()) == {"peak": 2, "off-peak": 3}


def test_a_mean_is_not_cut_to_whole_seconds() -> None:
    """Wazo's interface makes 9 of 9.33 seconds."""
    made = [call(n, at("2026-11-03T09:00"), wait=wait) for n, wait in enumerate((9, 9, 10))]
    assert value(town(**calls(*made)), "average_speed_of_answer", DAY) == pytest.approx(28 / 3)


def test_a_month_is_the_ratio_of_its_sums_and_not_the_mean_of_its_days() -> None:
    quiet = [call(1, at("2026-11-03T09:00"), answered=False, wait=60)]
    busy = [call(n, at("2026-11-04T09:00")) for n in range(2, 11)]
    centre = town(**calls(*quiet, *busy))
    assert value(centre, "answer_rate", days("2026-11-01", 30)) == 0.9


def test_a_hang_up_is_never_an_answer() -> None:
    """Ottawa counted hang-ups within 120 seconds as answered, and told nobody."""
    made = [call(1, at("2026-11-03T09:00"), wait=110, answered=False), call(2, at("2026-11-03T09:00"), wait=10)]
    centre = town({"target": [{"metric": "service_level", "within_seconds": 120}]}, **calls(*made))
    assert value(centre, "service_level", DAY) == 0.5
    assert value(centre, "abandon_rate", DAY) == 0.5


def test_a_call_of_many_hours_keeps_its_talk_time() -> None:
    """XiVO gives calls over four hours no talk time, VICIdial drops rows of 65,000 seconds."""
    centre = town(**calls(call(1, at("2026-11-03T01:00"), talk=70_000)))
    assert value(centre, "average_talk_time", DAY) == 70_000


def test_one_missing_number_does_not_take_the_others_along() -> None:
    """QPanel stops at an empty field."""
    made = [call(1, at("2026-11-03T09:00"), wait=10), call(2, at("2026-11-03T09:00"), wait=20, hold=None)]
    centre = town(**calls(made[0], (made[1][0], {**made[1][1], "wait_ms": None})))
    assert value(centre, "contacts_answered", DAY) == 2
    assert value(centre, "average_speed_of_answer", DAY) == 10
    assert value(centre, "average_handle_time", DAY) == 60


def test_what_a_source_does_not_report_is_not_nought() -> None:
    centre = town(**calls(call(1, at("2026-11-03T09:00"), wrap=None)))
    frame = measure(
        centre, ["average_after_call_work", "average_handle_time", "adherence"], during=DAY, scope=Scope.whole_centre()
    )
    assert frame["value"].to_list() == [None] * 3
    assert frame["reason"].to_list() == [
        "not available: no loaded source reports after-call work",
        "not available: no loaded source reports talk, hold and after-call work together",
        "not available: no schedules were loaded",
    ]


def test_an_unfinished_call_is_pending_and_neither_lost_nor_gone() -> None:
    contact, leg = call(1, at("2026-11-03T09:00"), wait=60, answered=False)
    centre = town(contact=[{**contact, "outcome": "pending"}], leg=[{**leg, "end_reason": None, "released_at": None}])
    expected = {"visits_offered": 1, "visits_pending": 1, "contacts_abandoned": 0, "flow_outs": 0}
    assert {name: value(centre, name, DAY) for name in expected} == expected


def test_a_call_that_was_turned_away_was_not_offered() -> None:
    made = [
        call(1, at("2026-11-03T20:00"), answered=False, end_reason="flow_out", flow_out_kind="closed"),
        call(2, at("2026-11-03T09:00")),
    ]
    centre = town(**calls(*made))
    expected = {"contacts_offered": 1, "calls_in_closed_hours": 1, "answer_rate": 1, "answer_rate_vicidial": 0.5}
    assert {name: value(centre, name, DAY) for name in expected} == expected


def test_test_calls_are_in_no_figure() -> None:
    centre = town(**calls(call(1, at("2026-11-03T09:00"), is_test=True), call(2, at("2026-11-03T09:00"))))
    assert {name: value(centre, name, DAY) for name in ("contacts_offered", "legs_handled", "contacts_received")} == {
        "contacts_offered": 1,
        "legs_handled": 1,
        "contacts_received": 1,
    }


def test_outbound_calls_are_workload_and_not_offered() -> None:
    made = [
        call(1, at("2026-11-03T09:00"), talk=600, leg_type="outbound", direction="outbound"),
        call(2, at("2026-11-03T09:00"), talk=300),
    ]
    centre = town(**calls(*made))
    assert value(centre, "contacts_offered", DAY) == 1
    assert value(centre, "workload", DAY) == pytest.approx(0.25)
    assert value(centre, "average_handle_time", DAY) == 300


def test_the_interval_key_decides_where_a_call_counts() -> None:
    centre = town(**calls(call(1, at("2026-11-03T23:59"), wait=120)))
    assert value(centre, "contacts_answered", DAY) == 1
    assert value(centre, "contacts_answered", DAY, key="answer") == 0
    assert counted(centre, "contacts_answered", days("2026-11-04"), key="answer") == 1
    assert "by answer" in centre.catalogue.metric("contacts_answered").by_key("answer").label


def test_people_are_credited_for_what_they_did_in_the_team_of_that_day() -> None:
    teams = [
        {
            "agent_id": "A1",
            "team_id": "Old",
            "valid_from": at("2026-01-01").date(),
            "valid_to": at("2026-11-04T12:00").date(),
        },
        {"agent_id": "A1", "team_id": "New", "valid_from": at("2026-11-04T12:00").date()},
        # a roster that forgot to end the first spell gives nobody two teams
        {"agent_id": "A2", "team_id": "Old", "valid_from": at("2026-01-01T12:00").date()},
        {"agent_id": "A2", "team_id": "New", "valid_from": at("2026-11-04T12:00").date()},
    ]
    made = [call(n, at("2026-11-03T09:00") + timedelta(days=n // 2), agent_id=f"A{n % 2 + 1}") for n in range(4)]
    centre = town(**calls(*made), team_member=teams)
    frame = measure(
        centre, ["legs_handled"], by=["day", "team"], during=days("2026-11-03", 2), scope=Scope.whole_centre()
    )
    assert [row[2:4] for row in frame.select("metric", "day", "team", "value").iter_rows()] == [("Old", 2), ("New", 2)]


def test_a_callback_that_was_accepted_is_a_flow_out_and_no_abandon() -> None:
    _, asked = call(1, at("2026-11-03T09:00"), wait=60, answered=False, end_reason="flow_out", flow_out_kind="callback")
    contact, called = call(1, at("2026-11-03T10:00"), leg_type="callback", parent_leg_id=1)
    centre = town(contact=[contact], leg=[asked, {**called, "leg_id": 2, "visit_no": 2}])
    expected = {
        "flow_outs_callback": 1,
        "contacts_abandoned": 0,
        "callbacks_requested": 1,
        "callback_completion_rate": 1,
        "callback_delay_p50": 3540,
    }
    assert {name: value(centre, name, DAY) for name in expected} == expected


@pytest.mark.parametrize(
    ("promised", "met"),
    [({}, 0), ({"callback_minutes": 59}, 1), ({"callback_minutes": 58}, 0)],
    ids=["nothing is promised", "in time", "too late"],
)
def test_who_accepted_a_callback_was_served_in_time_once_called_in_time(promised: dict[str, float], met: int) -> None:
    """Amazon Connect counts the request itself as met, however late the call; others lose it from the base."""
    _, asked = call(1, at("2026-11-03T09:00"), wait=60, answered=False, end_reason="flow_out", flow_out_kind="callback")
    contact, called = call(1, at("2026-11-03T10:00"), leg_type="callback", parent_leg_id=1, wait=3600)
    settings = {"rules": promised, "target": [{"metric": "service_level", "within_seconds": 20}]}
    centre = town(settings, contact=[contact], leg=[asked, {**called, "leg_id": 2, "visit_no": 2}])
    assert value(centre, "service_level", DAY) == met / 2
    assert counted(centre, "service_level", DAY) == met


def test_the_day_of_the_request_is_measured_again_once_somebody_called_back() -> None:
    contact, asked = call(1, at("2026-11-03T09:00"), answered=False, end_reason="flow_out", flow_out_kind="callback")
    called = (
        "(select 1 as contact_id, null::bigint as parent_leg_id, 'callback' as leg_type, "
        "timestamp '2026-11-05 17:00' as queue_enter_at, null::timestamp as acw_end_at, null::timestamp as released_at)"
    )
    with town(contact=[contact], leg=[asked]) as centre:
        begin_touching(centre.warehouse)
        touch(centre.warehouse, "leg", f"{called} as leg where true")
        touched = centre.warehouse.connection.execute("select day from outdated_day where fact = 'visit'").fetchall()
    assert set(touched) == {(date(2026, 11, 3),), (date(2026, 11, 5),)}
