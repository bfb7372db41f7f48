-- Records are append-only: what was written stays; what may be put right does so until the service is over.
CREATE FUNCTION refuse_when_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM visit_service s WHERE s.id = OLD.visit_service_id AND s.state = 'done') THEN
        RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = '23000', CONSTRAINT = TG_ARGV[0];
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER alert_allowed_append_only BEFORE UPDATE OR DELETE ON alert_allowed
    FOR EACH ROW EXECUTE FUNCTION refuse_change('alert_allowed_append_only');
CREATE TRIGGER prep_record_append_only BEFORE UPDATE OR DELETE ON prep_record
    FOR EACH ROW EXECUTE FUNCTION refuse_change('prep_record_append_only');
CREATE TRIGGER feel_append_only BEFORE UPDATE OR DELETE ON feel
    FOR EACH ROW EXECUTE FUNCTION refuse_change('feel_append_only');
CREATE TRIGGER advice_note_append_only BEFORE UPDATE OR DELETE ON advice_note
    FOR EACH ROW EXECUTE FUNCTION refuse_change('advice_note_append_only');
CREATE TRIGGER incident_step_append_only BEFORE UPDATE OR DELETE ON incident_step
    FOR EACH ROW EXECUTE FUNCTION refuse_change('incident_step_append_only');
CREATE TRIGGER incident_event_append_only BEFORE UPDATE OR DELETE ON incident_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change('incident_event_append_only');
CREATE TRIGGER treatment_note_append_only BEFORE UPDATE OR DELETE ON treatment_note
    FOR EACH ROW EXECUTE FUNCTION refuse_change('treatment_note_append_only');
CREATE TRIGGER aftercare_told_append_only BEFORE UPDATE OR DELETE ON aftercare_told
    FOR EACH ROW EXECUTE FUNCTION refuse_change('aftercare_told_append_only');
CREATE TRIGGER treatment_step_append_only BEFORE UPDATE OR DELETE ON treatment_step
    FOR EACH ROW EXECUTE FUNCTION refuse_when_over('treatment_step_append_only');
CREATE TRIGGER product_used_append_only BEFORE UPDATE OR DELETE ON product_used
    FOR EACH ROW EXECUTE FUNCTION refuse_when_over('product_used_append_only');
CREATE TRIGGER device_used_append_only BEFORE UPDATE OR DELETE ON device_used
    FOR EACH ROW EXECUTE FUNCTION refuse_when_over('device_used_append_only');
