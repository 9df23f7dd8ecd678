"""What the CyberTipline's wire has no field for is said in words, and no file goes with it."""

from tests.provider.drawn_leads import OF_ONE, OURS, lead, match
from tutela.exchange.cybertip import read_report, write_file_details, write_report
from tutela.provider.delivering import as_cybertip
from tutela.provider.known import Known
from tutela.provider.reporting import Said
from tutela.provider.reporting import write_report as make


def made(count=1, **more):
    known = Known.model_validate(OURS | OF_ONE)
    leads = [lead(1, name=f"photos/{number}.png", **more) for number in range(count)]
    return make([Said(each, known) for each in leads], reference="story-1")


def test_to_our_own_door_files_go_by_their_hashes():
    report, items = as_cybertip(made(), files_by_hash=True)
    assert "Our reference: story-1" in report.additional
    assert items[0].additional == ["The original is kept by Provider Example until 2027-11-20."]
    assert b"SHA256" in write_file_details(1, None, items[0])


def test_to_another_service_hashes_go_in_words():
    report, items = as_cybertip(made(), files_by_hash=False)
    [said] = read_report(write_report(report)).additional
    assert items == []
    assert lead(1).sha256 in said and "match.1.reference: drawing-1" in said and "kept by Provider Example" in said


def test_twenty_videos_with_many_matches_still_fit_into_the_words():
    many = {"matches": tuple(match("pdq", n, n) for n in range(10)), "frames": tuple(["0,100,00,0.0"] * 400)}
    report, _ = as_cybertip(made(20, **many | {"matches": (match("sha256"), *many["matches"])}), files_by_hash=False)
    [said] = read_report(write_report(report)).additional
    assert said.count("(not sent; by its hashes)") == 20 and "vpdq" not in said
