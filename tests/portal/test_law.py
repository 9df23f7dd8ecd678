"""Every provision that may be shown has an address; what nobody checked is counted and not printed."""

import re
from html import unescape

import pytest

from tutela.law.instruments import Actor, Status, all_instruments, provisions
from tutela.law.sources import MARKS, Certainty
from tutela.portal import law, law_words
from tutela.portal.law_words import ACTORS, STATUSES

PROFILES = [each for each in all_instruments() if each.profile]


def words(reader, path: str) -> str:
    return unescape(reader.get(path).content.decode())


@pytest.mark.parametrize("act", all_instruments(), ids=lambda act: act.id)
def test_every_provision_that_may_be_shown_has_an_anchor_and_its_words(reader, act):
    text = words(reader, f"/law/{act.id}")
    for each in provisions(act.id):
        anchor = each.id.partition(":")[2]
        assert f'<dt id="{anchor}"><a href="#{anchor}">{each.reference}</a></dt><dd>{each.duty}' in text
    assert act.celex in text
    assert f'href="{act.source.source_url}"' in text


@pytest.mark.parametrize("act", all_instruments(), ids=lambda act: act.id)
def test_what_is_known_from_memory_is_counted_and_not_printed(reader, act):
    assert unchecked_but_printed(reader, act) == []
    hidden = [each for each in act.provisions if each.source.certainty is Certainty.MEMORY]
    assert (f"{len(hidden)} more " in words(reader, f"/law/{act.id}")) is bool(hidden)


def unchecked_but_printed(reader, act) -> list[str]:
    text = words(reader, f"/law/{act.id}")
    hidden = [each for each in act.provisions if each.source.certainty is Certainty.MEMORY]
    shown = {each.duty for each in provisions(act.id)}
    return [each.id for each in hidden if each.duty not in shown and each.duty in text]


def test_the_saboteur_who_prints_what_nobody_checked_is_seen(reader, monkeypatch):
    everything = law.provisions
    monkeypatch.setattr(law, "provisions", lambda act: everything(act, include_unverified=True))
    law.sections.cache_clear()
    act = next(each for each in all_instruments() if each.id == "csar-2022-209")
    assert len(unchecked_but_printed(reader, act)) > 50
    law.sections.cache_clear()


@pytest.mark.parametrize("act", PROFILES, ids=lambda act: act.id)
def test_a_proposal_says_that_it_is_switched_off(reader, act):
    text = words(reader, f"/law/{act.id}")
    assert f"This is the profile “{act.profile}”. It is switched off" in text
    framework = words(reader, "/law")
    proposed = framework[framework.index('id="proposed"') :]
    assert act.short in proposed
    assert act.short not in framework[framework.index("<main") : framework.index('id="proposed"')]


def test_an_adopted_act_is_not_called_a_profile(reader):
    for act in all_instruments():
        if not act.profile:
            assert "switched off" not in words(reader, f"/law/{act.id}"), act.id


def test_a_row_that_was_read_elsewhere_says_so_on_its_own_line(reader):
    text = words(reader, "/law/dir-recast-2024-60")
    row = next(each for each in provisions("dir-recast-2024-60") if each.source.note)
    line = text[text.index(row.duty) :]
    assert row.source.note in line[: line.index("</dd>")]


def test_denmark_is_named_as_not_bound(reader):
    assert re.search(r"<dt>Not bound</dt><dd>Denmark</dd>", words(reader, "/law/dir-2011-93"))


def test_every_word_of_the_data_has_words_for_readers():
    assert set(STATUSES) == set(Status)
    assert set(ACTORS) == set(Actor)


def test_every_mark_of_the_law_has_words_of_the_portal():
    assert {certainty: str(words) for certainty, words in law_words.MARKS.items()} == MARKS
