-- BOOK-6: the database refuses double booking. An allocation lasts at most a day, so the search is bounded below.
CREATE TRIGGER allocation_overlap_insert BEFORE INSERT ON allocation WHEN NEW.active
BEGIN
    SELECT RAISE(ABORT, 'allocation_overlap') WHERE EXISTS (
        SELECT 1 FROM allocation a
        WHERE a.resource_id = NEW.resource_id AND a.from_ms > NEW.from_ms - 86400000 AND a.from_ms < NEW.to_ms
            AND a.to_ms > NEW.from_ms AND a.active
    );
END;
CREATE TRIGGER allocation_overlap_update BEFORE UPDATE OF resource_id, from_ms, to_ms, active ON allocation
WHEN NEW.active
BEGIN
    SELECT RAISE(ABORT, 'allocation_overlap') WHERE EXISTS (
        SELECT 1 FROM allocation a
        WHERE a.resource_id = NEW.resource_id AND a.from_ms > NEW.from_ms - 86400000 AND a.from_ms < NEW.to_ms
            AND a.to_ms > NEW.from_ms AND a.active AND a.id <> NEW.id
    );
END;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END;
CREATE TRIGGER booking_no_delete BEFORE DELETE ON booking BEGIN SELECT RAISE(ABORT, 'booking_append_only'); END;
CREATE TRIGGER booking_event_no_update BEFORE UPDATE ON booking_event
BEGIN SELECT RAISE(ABORT, 'booking_event_append_only'); END;
CREATE TRIGGER booking_event_no_delete BEFORE DELETE ON booking_event
BEGIN SELECT RAISE(ABORT, 'booking_event_append_only'); END;
