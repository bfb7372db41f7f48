-- Records are append-only: what was written stays; what may be put right does so until the service is over.
CREATE TRIGGER alert_allowed_no_update BEFORE UPDATE ON alert_allowed
BEGIN SELECT RAISE(ABORT, 'alert_allowed_append_only'); END;
CREATE TRIGGER alert_allowed_no_delete BEFORE DELETE ON alert_allowed
BEGIN SELECT RAISE(ABORT, 'alert_allowed_append_only'); END;
CREATE TRIGGER prep_record_no_update BEFORE UPDATE ON prep_record
BEGIN SELECT RAISE(ABORT, 'prep_record_append_only'); END;
CREATE TRIGGER prep_record_no_delete BEFORE DELETE ON prep_record
BEGIN SELECT RAISE(ABORT, 'prep_record_append_only'); END;
CREATE TRIGGER feel_no_update BEFORE UPDATE ON feel
BEGIN SELECT RAISE(ABORT, 'feel_append_only'); END;
CREATE TRIGGER feel_no_delete BEFORE DELETE ON feel
BEGIN SELECT RAISE(ABORT, 'feel_append_only'); END;
CREATE TRIGGER advice_note_no_update BEFORE UPDATE ON advice_note
BEGIN SELECT RAISE(ABORT, 'advice_note_append_only'); END;
CREATE TRIGGER advice_note_no_delete BEFORE DELETE ON advice_note
BEGIN SELECT RAISE(ABORT, 'advice_note_append_only'); END;
CREATE TRIGGER incident_step_no_update BEFORE UPDATE ON incident_step
BEGIN SELECT RAISE(ABORT, 'incident_step_append_only'); END;
CREATE TRIGGER incident_step_no_delete BEFORE DELETE ON incident_step
BEGIN SELECT RAISE(ABORT, 'incident_step_append_only'); END;
CREATE TRIGGER incident_event_no_update BEFORE UPDATE ON incident_event
BEGIN SELECT RAISE(ABORT, 'incident_event_append_only'); END;
CREATE TRIGGER incident_event_no_delete BEFORE DELETE ON incident_event
BEGIN SELECT RAISE(ABORT, 'incident_event_append_only'); END;
CREATE TRIGGER treatment_note_no_update BEFORE UPDATE ON treatment_note
BEGIN SELECT RAISE(ABORT, 'treatment_note_append_only'); END;
CREATE TRIGGER treatment_note_no_delete BEFORE DELETE ON treatment_note
BEGIN SELECT RAISE(ABORT, 'treatment_note_append_only'); END;
CREATE TRIGGER aftercare_told_no_update BEFORE UPDATE ON aftercare_told
BEGIN SELECT RAISE(ABORT, 'aftercare_told_append_only'); END;
CREATE TRIGGER aftercare_told_no_delete BEFORE DELETE ON aftercare_told
BEGIN SELECT RAISE(ABORT, 'aftercare_told_append_only'); END;
CREATE TRIGGER treatment_step_no_update BEFORE UPDATE ON treatment_step
WHEN EXISTS (SELECT 1 FROM visit_service s WHERE s.id = OLD.visit_service_id AND s.state = 'done')
BEGIN SELECT RAISE(ABORT, 'treatment_step_append_only'); END;
CREATE TRIGGER treatment_step_no_delete BEFORE DELETE ON treatment_step
WHEN EXISTS (SELECT 1 FROM visit_service s WHERE s.id = OLD.visit_service_id AND s.state = 'done')
BEGIN SELECT RAISE(ABORT, 'treatment_step_append_only'); END;
CREATE TRIGGER product_used_no_update BEFORE UPDATE ON product_used
WHEN EXISTS (SELECT 1 FROM visit_service s WHERE s.id = OLD.visit_service_id AND s.state = 'done')
BEGIN SELECT RAISE(ABORT, 'product_used_append_only'); END;
CREATE TRIGGER product_used_no_delete BEFORE DELETE ON product_used
WHEN EXISTS (SELECT 1 FROM visit_service s WHERE s.id = OLD.visit_service_id AND s.state = 'done')
BEGIN SELECT RAISE(ABORT, 'product_used_append_only'); END;
CREATE TRIGGER device_used_no_update BEFORE UPDATE ON device_used
WHEN EXISTS (SELECT 1 FROM visit_service s WHERE s.id = OLD.visit_service_id AND s.state = 'done')
BEGIN SELECT RAISE(ABORT, 'device_used_append_only'); END;
CREATE TRIGGER device_used_no_delete BEFORE DELETE ON device_used
WHEN EXISTS (SELECT 1 FROM visit_service s WHERE s.id = OLD.visit_service_id AND s.state = 'done')
BEGIN SELECT RAISE(ABORT, 'device_used_append_only'); END;
