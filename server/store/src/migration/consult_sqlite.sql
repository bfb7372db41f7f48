CREATE TRIGGER fact_check_no_update BEFORE UPDATE ON fact_check
BEGIN SELECT RAISE(ABORT, 'fact_check_append_only'); END;
CREATE TRIGGER customer_fact_no_update BEFORE UPDATE ON customer_fact
WHEN OLD.ended_at IS NOT NULL OR NEW.kind <> OLD.kind OR NEW.subject_zh <> OLD.subject_zh
    OR NEW.code IS NOT OLD.code OR NEW.severity IS NOT OLD.severity OR NEW.at <> OLD.at
BEGIN SELECT RAISE(ABORT, 'customer_fact_append_only'); END;
