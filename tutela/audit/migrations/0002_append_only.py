"""The database's own rule: a row of the record is written once. It holds for the application and for the owner alike."""

from django.db import migrations

RULE = """
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_leaf
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_link
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'tutela_app') THEN
    REVOKE UPDATE, DELETE, TRUNCATE ON audit_leaf, audit_link FROM tutela_app;
  END IF;
END $$;
"""
UNDO = """
DROP TRIGGER append_only ON audit_leaf; DROP TRIGGER append_only ON audit_link; DROP FUNCTION audit_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(RULE, UNDO)]
