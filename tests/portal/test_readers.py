"""A door for each kind of reader, and no door that leads nowhere."""

import pytest

from tutela.portal.readers import CONSOLE, READERS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("each", READERS, ids=lambda each: each.id)
def test_every_way_of_a_reader_opens(reader, each):
    text = reader.get("/readers").content.decode()
    assert f'id="{each.id}"' in text
    assert each.ways
    for way in each.ways:
        assert f'href="{way.address}"' in text
        if way.address != CONSOLE:
            assert reader.get(str(way.address)).status_code == 200


def test_who_needs_help_comes_first(reader):
    assert READERS[0].id == "anyone"
    assert [str(way.address) for way in READERS[0].ways] == ["/danger", "/help", "/report"]


def test_the_front_page_leads_to_the_doors(reader):
    assert 'href="/readers"' in reader.get("/").content.decode()
