"""Report numbers begin high enough to be told from page numbers, and what happened is never unsaid."""

from django.db import migrations

NUMBERS = """
SELECT setval(pg_get_serial_sequence('reports_report', 'number'), 10000000);
"""
RULE = """
CREATE TRIGGER append_only BEFORE UPDATE OR TRUNCATE ON reports_news
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
"""
UNDO = "DROP TRIGGER append_only ON reports_news;"


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(NUMBERS, migrations.RunSQL.noop), migrations.RunSQL(RULE, UNDO)]
