-- BOOK-1: nobody has two shifts at the same time, and none lasts longer than a day.
ALTER TABLE rota ADD CONSTRAINT rota_shift_length CHECK (kind <> 'shift' OR to_ms - from_ms <= 86400000);
ALTER TABLE rota ADD CONSTRAINT rota_overlap
    EXCLUDE USING gist (staff_id WITH =, int8range(from_ms, to_ms) WITH &&) WHERE (kind = 'shift');
