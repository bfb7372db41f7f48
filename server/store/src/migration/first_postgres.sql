-- BOOK-6: the database refuses double booking.
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE allocation ADD CONSTRAINT allocation_overlap
    EXCLUDE USING gist (resource_id WITH =, int8range(from_ms, to_ms) WITH &&) WHERE (active);

-- The trigger's argument names the rule, as a constraint would.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = '23000', CONSTRAINT = TG_ARGV[0];
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION refuse_change('audit_append_only');
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('audit_append_only');
CREATE TRIGGER booking_no_delete BEFORE DELETE ON booking
    FOR EACH ROW EXECUTE FUNCTION refuse_change('booking_append_only');
CREATE TRIGGER booking_event_append_only BEFORE UPDATE OR DELETE ON booking_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change('booking_event_append_only');
