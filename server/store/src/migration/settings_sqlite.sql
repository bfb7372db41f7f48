-- BOOK-1: nobody has two shifts at the same time. None lasts longer than a day, so the search is bounded below.
CREATE TRIGGER rota_shift_length_insert BEFORE INSERT ON rota
WHEN NEW.kind = 'shift' AND NEW.to_ms - NEW.from_ms > 86400000
BEGIN SELECT RAISE(ABORT, 'rota_shift_length'); END;
CREATE TRIGGER rota_shift_length_update BEFORE UPDATE ON rota
WHEN NEW.kind = 'shift' AND NEW.to_ms - NEW.from_ms > 86400000
BEGIN SELECT RAISE(ABORT, 'rota_shift_length'); END;
CREATE TRIGGER rota_overlap_insert BEFORE INSERT ON rota WHEN NEW.kind = 'shift'
BEGIN
    SELECT RAISE(ABORT, 'rota_overlap') WHERE EXISTS (
        SELECT 1 FROM rota r
        WHERE r.staff_id = NEW.staff_id AND r.from_ms > NEW.from_ms - 86400000 AND r.from_ms < NEW.to_ms
            AND r.to_ms > NEW.from_ms AND r.kind = 'shift'
    );
END;
CREATE TRIGGER rota_overlap_update BEFORE UPDATE ON rota WHEN NEW.kind = 'shift'
BEGIN
    SELECT RAISE(ABORT, 'rota_overlap') WHERE EXISTS (
        SELECT 1 FROM rota r
        WHERE r.staff_id = NEW.staff_id AND r.from_ms > NEW.from_ms - 86400000 AND r.from_ms < NEW.to_ms
            AND r.to_ms > NEW.from_ms AND r.kind = 'shift' AND r.id <> NEW.id
    );
END;
