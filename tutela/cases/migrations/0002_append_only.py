"""The database's own rule: what a reader held is written once."""

from django.db import migrations

RULE = """
CREATE FUNCTION cases_readings_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what a reader held is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON cases_reading
  FOR EACH STATEMENT EXECUTE FUNCTION cases_readings_are_append_only();
"""
UNDO = "DROP TRIGGER append_only ON cases_reading; DROP FUNCTION cases_readings_are_append_only();"


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(RULE, UNDO)]
