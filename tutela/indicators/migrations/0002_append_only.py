"""The database's own rules: history is written once, and a withdrawn value does not come back by any path."""

from django.db import migrations

APPEND_ONLY = ("indicators_event", "indicators_change", "indicators_tombstone")

# After the row, not before it: the insertion waits on the unique index for a withdrawal that is under way, and only a
# look taken after that wait sees the tombstone it leaves.
RULE = """
CREATE FUNCTION indicators_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the history of indicators is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION indicators_stays_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'withdrawn'
     AND EXISTS (SELECT FROM indicators_tombstone t WHERE t.kind = NEW.kind AND t.value = NEW.value) THEN
    RAISE EXCEPTION 'this value was withdrawn and may not be added again'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'indicator_stays_withdrawn';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stays_withdrawn AFTER INSERT OR UPDATE ON indicators_indicator
  FOR EACH ROW EXECUTE FUNCTION indicators_stays_withdrawn();
""" + "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION indicators_is_append_only();\n"
    for table in APPEND_ONLY
)
UNDO = "".join(f"DROP TRIGGER append_only ON {table};\n" for table in APPEND_ONLY) + """
DROP TRIGGER stays_withdrawn ON indicators_indicator;
DROP FUNCTION indicators_stays_withdrawn(); DROP FUNCTION indicators_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0001_initial")]
    operations = [migrations.RunSQL(RULE, UNDO)]
