"""The console in a real browser: nothing comes from elsewhere, no text of a report runs, keys and passkeys work."""

import re

import pytest

from tests import cast
from tests.browser import Visit, browser, site, visit
from tests.console.scenes import World, address, case_of, engineer, grooming, received, signed_in, worked
from tutela.accounts.policy import Role

__all__ = ["browser", "site", "visit"]
pytestmark = pytest.mark.browser
NOT_FOUND = "Failed to load resource: the server responded with a status of 404 (Not Found)"
PASSWORD = "a first password of the house"


def as_member(start: Visit, member: cast.Member) -> Visit:
    session = signed_in(member.person).cookies["sessionid"].value
    start.page.context.add_cookies([{"name": "sessionid", "value": session, "url": start.origin}])
    return start


def pages_of(world: World) -> dict[str, list[str]]:
    report, case, referral = world.report.pk, world.case.pk, world.to_france.pk
    return {
        "analyst": [
            address("home"),
            address("queue"),
            address("case", number=case),
            address("case", number=world.waiting.pk),
            address("case_trail", number=case),
            address("reports"),
            address("report", number=report),
            address("words", number=report),
            f"{address('words', number=report)}?purpose=assessment",
            f"{address('originals', number=report)}?purpose=assessment",
            address("referrals"),
            address("referral", number=referral),
            address("indicators"),
            address("indicator", indicator=world.indicator.pk),
        ],
        "officer": [
            address("home"),
            address("referrals"),
            address("referral", number=referral),
            address("dossier", number=referral),
            f"{address('dossier', number=referral)}?purpose=investigation",
            address("credentials"),
        ],
        "provider": [address("home"), address("reports"), address("report", number=report), address("credentials")],
        "data protection": [address("report", number=report), address("accesses", number=report)],
        "administrator": [address("people"), address("credentials"), "/accounts/2fa/", "/accounts/logout/"],
        "policy": [address("home"), address("queue")],
    }


def test_every_page_of_every_role_is_whole_at_both_widths_in_light_and_dark(visit):
    """Each page at 360 px in the dark and at 1280 px in the light; axe looks at one of the two, by turns."""
    world = World()
    world.waiting = received_and_waiting(world)
    wrong, pages = [], 0
    for who, paths in pages_of(world).items():
        member = world.everybody[who]
        small = as_member(visit(width=360, scheme="dark"), member)
        large = as_member(visit(width=1280, scheme="light"), member)
        for turn, path in enumerate(paths):
            for looking in (small, large):
                looking.go(path)
                wrong += [f"{who} {path} is wider than its window"] * looking.is_wider_than_its_window()
                looking.photograph(re.sub(r"[^a-z0-9]+", "-", f"{who}{path}-{360 if looking is small else 1280}"))
            wrong += [f"{who} {path}: {each}" for each in (small, large)[turn % 2].axe()]
            pages += 1
        wrong += [f"{who}: {said}" for said in small.complaints + large.complaints if said != NOT_FOUND]
        wrong += small.third_party + large.third_party
    assert (pages, wrong) == (32, [])


def received_and_waiting(world: World):
    report = received(world.eva, **grooming(additional=["<script>document.title='run'</script>"]))
    worked()
    return case_of(report)


def test_the_queue_is_walked_by_keys_which_never_act_while_somebody_types(visit):
    eva, ana = engineer(), cast.ana()
    for _ in range(3):
        received(eva)
    worked()
    looking = as_member(visit(), ana)
    page = looking.go(address("queue"))
    for key in ("j", "j", "j", "k"):
        page.keyboard.press(key)
    second = page.locator("[data-row]").nth(1)
    assert "chosen" in (second.get_attribute("class") or "")
    page.fill("#country", "")
    page.locator("#country").press("j")
    assert page.input_value("#country") == "j"
    page.goto(looking.origin + address("queue"))
    page.get_by_role("button", name="Turn shortcuts off").click()
    page.locator("body").press("j")
    assert page.locator(".chosen").count() == 0
    page.get_by_role("button", name="Turn shortcuts on").click()
    page.locator("body").press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/cases/*/")
    page.keyboard.press("d")
    assert page.locator("input[value=dismiss]").is_checked()
    assert looking.complaints == []


def test_the_filter_swaps_the_list_in_place(visit):
    received(engineer())
    worked()
    looking = as_member(visit(), cast.ana())
    page = looking.go(address("queue"))
    assert page.locator("[data-row]").count() == 1
    page.select_option("#state", "confirmed")
    page.get_by_text("Nothing waits here.").wait_for()
    assert "state=confirmed" in page.url
    assert looking.complaints == []


def test_text_of_a_report_never_runs(visit):
    hostile = "<script>window.ran=1</script><svg onload='window.ran=1'><a href='javascript:window.ran=1'>text</a>"
    report = received(engineer(), additional=[hostile])
    looking = as_member(visit(), cast.ana())
    page = looking.go(f"{address('words', number=report.pk)}?purpose=assessment")
    assert page.get_by_text("window.ran=1").count() == 1
    assert page.evaluate("window.ran") is None
    assert looking.complaints == []


def virtual_authenticator(looking: Visit) -> None:
    device = looking.page.context.new_cdp_session(looking.page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_new_person_sets_up_a_passkey_and_from_then_on_needs_nothing_else(visit):
    member = cast.person("Femke", Role.ADMINISTRATOR, cast.organisation("hotline"))
    member.person.set_password(PASSWORD)
    member.person.save()
    looking = visit()
    virtual_authenticator(looking)
    page = looking.go("/console/people/")
    page.get_by_label("Email").fill(member.person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/accounts/2fa/")
    page.goto(looking.origin + "/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("key-1")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/accounts/2fa/recovery-codes/")
    page.goto(looking.origin + "/console/people/")
    # Having set one up is not having shown it.
    assert "/accounts/2fa/webauthn/reauthenticate/" in page.url

    page.goto(looking.origin + "/accounts/logout/")
    page.get_by_role("button", name="Sign Out").click()
    page.goto(looking.origin + "/console/people/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile(r"localhost:\d+/console/people/$"))
    assert page.get_by_role("heading", name="People").count() == 1
    assert looking.third_party == []
