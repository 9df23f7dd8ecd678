"""The trigger that keeps readings is taken out, and what a reader held is turned."""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError

from tests import cast
from tutela.cases.models import Case, Reading


def test_without_the_trigger_a_reading_is_turned(fresh_database: Any) -> None:
    case = Case.objects.create(first_received_at=datetime(2026, 11, 23, tzinfo=UTC))
    Reading.objects.create(case=case, reader=cast.ana().person, place="first", decision="refer")
    with pytest.raises(DatabaseError, match="append-only"):
        Reading.objects.update(decision="dismiss")
    with psycopg.connect(fresh_database.owner_url, autocommit=True) as owner:
        owner.execute("DROP TRIGGER append_only ON cases_reading")
    assert Reading.objects.update(decision="dismiss") == 1
