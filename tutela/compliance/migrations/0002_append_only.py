"""What was imported and what was measured is never changed: a correction is another batch, another row."""

from django.db import migrations

APPEND_ONLY = ("compliance_measure", "compliance_decision", "compliance_measurement")

RULE = """
CREATE FUNCTION compliance_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the rows of an import are append-only: % on % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;
""" + "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION compliance_is_append_only();\n"
    for table in APPEND_ONLY
)
UNDO = (
    "".join(f"DROP TRIGGER append_only ON {table};\n" for table in APPEND_ONLY)
    + "DROP FUNCTION compliance_is_append_only();"
)


class Migration(migrations.Migration):
    dependencies = [("compliance", "0001_initial")]
    operations = [migrations.RunSQL(RULE, UNDO)]
