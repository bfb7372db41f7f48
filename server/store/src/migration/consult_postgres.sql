CREATE TRIGGER fact_check_no_update BEFORE UPDATE ON fact_check
    FOR EACH ROW EXECUTE FUNCTION refuse_change('fact_check_append_only');
CREATE TRIGGER customer_fact_no_update BEFORE UPDATE ON customer_fact FOR EACH ROW
    WHEN (OLD.ended_at IS NOT NULL OR NEW.kind <> OLD.kind OR NEW.subject_zh <> OLD.subject_zh
        OR NEW.code IS DISTINCT FROM OLD.code OR NEW.severity IS DISTINCT FROM OLD.severity OR NEW.at <> OLD.at)
    EXECUTE FUNCTION refuse_change('customer_fact_append_only');
