-- A message names its customer and its branch as the audit does; what it is about is referred to. Each reference locks a
-- row that everybody else locks at the same time.
ALTER TABLE outbox DROP CONSTRAINT outbox_customer_id_fkey, DROP CONSTRAINT outbox_branch_id_fkey;
