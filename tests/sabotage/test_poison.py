"""One poison row among those that are matched, looked for, weighed or corrected: the others go on, it waits, counted.

Each poison is tried again after a while, and heals when it can be read. Without the setting aside all wait behind it.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests import cast
from tests.cases.conftest import desk  # noqa: F401
from tests.cases.stories import case_of, gather, item, send, sender
from tests.cases.test_known import falls, known
from tests.indicators.stories import active, pdq
from tests.referrals.stories import chiara, confirmed, handed
from tests.reports.test_looking_back import arrived
from tutela.audit import poison
from tutela.cases import actions as cases
from tutela.cases.actions import weighing
from tutela.cases.models import Case, Unweighed
from tutela.indicators import memory
from tutela.referrals import actions as referrals
from tutela.referrals.actions import correcting
from tutela.referrals.models import Correction, Referral, Uncorrected
from tutela.reports import actions as reports
from tutela.reports.jobs import look_back, match_waiting
from tutela.reports.models import Item, Match, Report, Sought, Unmatched

pytestmark = pytest.mark.usefixtures("desk")

LATER = timedelta(minutes=6)
SOON = timedelta(minutes=4)


def now() -> datetime:
    return datetime.now(UTC)


def poisoned(*broken: Report) -> None:
    """By hand, a fingerprint that cannot be one: nothing of the code is taken out."""
    Item.objects.filter(report__in=broken).update(pdq=b"text-poison")


def waiting(count: int) -> list[Report]:
    return [send(sender(), items=[item(f"poison-{n}")]) for n in range(count)]


def all_behind(things: list[object], work: Callable[[list[object]], object], *, aside: object) -> None:
    """What the jobs would be without the setting aside."""
    if things:
        work(things)


def test_one_poison_report_stops_no_other_from_being_matched(caplog: pytest.LogCaptureFixture) -> None:
    """n = 7, the fourth is poison: 6 are matched, 1 waits and is counted without a word of it."""
    found = waiting(7)
    poisoned(found[3])
    assert [reports.match_waiting(), reports.match_waiting()] == [7, 0]
    assert set(Report.objects.filter(matched_at=None)) == {found[3]}
    assert Unmatched.objects.values_list("report", "error").get() == (found[3].pk, "BadHash")
    assert caplog.messages == ["a report could not be matched: BadHash; 1 are unmatched"]


def test_a_poison_report_is_tried_again_after_a_while_and_matched_when_it_can_be() -> None:
    (report,) = waiting(1)
    poisoned(report)
    match_waiting()
    assert reports.match_unmatched(now=now() + LATER) == 1
    assert Unmatched.objects.get().tried_at > now()
    Item.objects.filter(report=report).update(pdq=None)
    assert reports.match_unmatched(now=now() + SOON) == 1
    assert reports.match_unmatched(now=now() + 3 * LATER) == 0
    report.refresh_from_db()
    assert report.matched_at is not None


def test_without_setting_aside_all_reports_wait_behind_the_poison(monkeypatch: pytest.MonkeyPatch) -> None:
    found = waiting(3)
    poisoned(found[0])
    monkeypatch.setattr("tutela.reports.actions.matching.apart", all_behind)
    with pytest.raises(ValueError, match="A PDQ hash is 32 bytes"):
        reports.match_waiting()
    assert Report.objects.filter(matched_at=None).count() == 3


def test_one_poison_report_stops_no_other_from_being_recognised() -> None:
    """n = 5 that hold the file, one of them poison: 4 are recognised, 1 waits and is recognised when it can be."""
    found = [send(sender(), items=[item("f")]) for _ in range(5)]
    gather()
    poisoned(found[1])
    known("f")
    look_back()
    assert set(Match.objects.values_list("item__report", flat=True)) == {one.pk for one in found} - {found[1].pk}
    assert not Sought.objects.exists()
    Item.objects.filter(report=found[1]).update(pdq=None)
    assert reports.match_unmatched(now=now() + LATER) == 0
    assert Match.objects.count() == 5


def test_one_poison_indicator_stops_no_other_from_being_looked_for(caplog: pytest.LogCaptureFixture) -> None:
    """n = 9 indicators, one of which has by hand a value that cannot be one: 8 are found, with few looks."""
    ana, boris = cast.ana().actor, cast.boris().actor
    wanted = [pdq() for _ in range(9)]
    for each in wanted:
        arrived(each)
    indicators = [active(each, ana, boris) for each in wanted]
    broken, good = indicators[4], bytes(indicators[4].value)
    type(broken).objects.filter(pk=broken.pk).update(value=b"text-poison")
    look_back()
    found = set(Match.objects.values_list("indicator", flat=True))
    assert found == {one.pk for one in indicators} - {broken.pk}
    assert Sought.objects.values_list("indicator", "error").get() == (broken.pk, "BadHash")
    assert caplog.messages == ["an indicator could not be looked for: BadHash; 1 wait"]
    type(broken).objects.filter(pk=broken.pk).update(value=good)
    # What is repaired by hand is nobody's news: a process knows it from its next start on.
    memory._memories.clear()
    assert reports.look_back(now=now() + SOON) == 0
    assert reports.look_back(now=now() + LATER) == 1
    assert not Sought.objects.exists()
    assert Match.objects.filter(indicator=broken).count() == 1


def breaks_for(monkeypatch: pytest.MonkeyPatch, module: object, name: str, is_poison: Callable[..., bool]) -> None:
    real = getattr(module, name)

    def broken(*args: object, **more: object) -> object:
        if is_poison(*args, **more):
            raise OSError("text-poison")
        return real(*args, **more)

    monkeypatch.setattr(module, name, broken)


def read_on_one_indicator(count: int) -> tuple[list[Case], object, object]:
    indicator, ana, _ = known("f")
    found = [send(sender(), items=[item("f")]) for _ in range(count)]
    gather()
    return [case_of(one) for one in found], indicator, ana


def test_one_poison_case_stops_no_other_from_being_weighed_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """n = 5 cases that rest on what fell, the third is poison: 4 are weighed, 1 waits until it can be."""
    held, indicator, ana = read_on_one_indicator(5)
    falls(indicator, "withdrawn", ana)
    with monkeypatch.context() as sabotage:
        breaks_for(sabotage, weighing, "score", lambda some: held[2] in some)
        assert [cases.weigh_again(), cases.weigh_again()] == [1, 0]
    assert {case.pk for case in Case.objects.filter(signals=["known_item"])} == {held[2].pk}
    assert Unweighed.objects.values_list("case", "why", "error").get() == (held[2].pk, "changed", "OSError")
    assert caplog.messages == ["a case could not be weighed again: OSError; 1 are unweighed"]
    assert cases.weigh_unweighed(now=now() + SOON) == 1
    assert cases.weigh_unweighed(now=now() + LATER) == 0
    assert not Case.objects.filter(signals=["known_item"]).exists()


def test_one_poison_case_stops_no_other_from_being_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [send(sender(), items=[item("f")]) for _ in range(4)]
    gather()
    held = [case_of(one) for one in found]
    known("f")
    look_back()
    with monkeypatch.context() as sabotage:
        breaks_for(sabotage, weighing, "score", lambda some: held[0] in some)
        assert cases.weigh_recognised() == 4
    assert Case.objects.filter(signals=["known_item"]).count() == 3
    assert Unweighed.objects.get().why == "recognised"
    assert cases.weigh_unweighed(now=now() + LATER) == 0
    assert Case.objects.filter(signals=["known_item"]).count() == 4


def test_without_setting_aside_all_cases_rest_on_what_fell(monkeypatch: pytest.MonkeyPatch) -> None:
    held, indicator, ana = read_on_one_indicator(3)
    falls(indicator, "withdrawn", ana)
    monkeypatch.setattr(weighing, "apart", all_behind)
    breaks_for(monkeypatch, weighing, "score", lambda some: held[0] in some)
    with pytest.raises(OSError, match="text-poison"):
        cases.weigh_again()
    assert Case.objects.filter(signals=["known_item"]).count() == 3


def told_of_one_indicator() -> tuple[list[Referral], object, object]:
    chiara("FR"), chiara("IT")
    indicator, ana, _ = known("f")
    first, second = handed(confirmed("FR", "IT"))
    (third,) = handed(confirmed("FR"))
    return [first, second, third], indicator, ana


def test_one_poison_referral_stops_no_other_from_being_corrected(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """n = 3 who were told, the first is poison: 2 are corrected at once, also of the same case, 1 when it can be."""
    told, indicator, ana = told_of_one_indicator()
    falls(indicator, "withdrawn", ana)
    with monkeypatch.context() as sabotage:
        breaks_for(sabotage, correcting, "_open", lambda referral, *_, **__: referral == told[0])
        assert [referrals.correct_withdrawn(), referrals.correct_withdrawn()] == [1, 0]
    assert set(Correction.objects.values_list("referral", flat=True)) == {told[1].pk, told[2].pk}
    assert Uncorrected.objects.values_list("indicator", "error").get() == (indicator.pk, "OSError")
    assert caplog.messages == ["who was told could not be corrected: OSError; 1 wait"]
    assert referrals.correct_uncorrected(now=now() + SOON) == 1
    assert referrals.correct_uncorrected(now=now() + LATER) == 0
    assert Correction.objects.count() == 3


def test_without_setting_aside_nobody_is_corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    told, indicator, ana = told_of_one_indicator()
    falls(indicator, "withdrawn", ana)
    monkeypatch.setattr(correcting, "apart", all_behind)
    breaks_for(monkeypatch, correcting, "_open", lambda referral, *_, **__: referral == told[0])
    with pytest.raises(OSError, match="text-poison"):
        referrals.correct_withdrawn()
    assert Correction.objects.count() == 0


def test_nothing_is_left_of_a_try_that_failed() -> None:
    """What the poison wrote before it broke is undone; what the others wrote stays."""
    from tutela.audit.models import Cursor

    def work(names: list[str]) -> None:
        for name in names:
            Cursor.objects.create(name=name)
            if name == "text-2":
                raise OSError

    failed: list[tuple[str, str]] = []
    poison.apart(["text-1", "text-2", "text-3"], work, aside=lambda *one: failed.append(one))
    assert failed == [("text-2", "OSError")]
    assert set(Cursor.objects.filter(name__startswith="text-").values_list("name", flat=True)) == {"text-1", "text-3"}
