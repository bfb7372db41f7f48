-- TREAT-7: done_at and at are when it was done, as far as the server believes the device; these are when it was told.
ALTER TABLE treatment_step ADD COLUMN reported_at BIGINT NULL;
ALTER TABLE treatment_note ADD COLUMN reported_at BIGINT NULL;

-- C-43: the picture lies in the data folder under `file`, a random name.
CREATE TABLE treatment_photo (
    id {uuid} NOT NULL PRIMARY KEY,
    visit_service_id {uuid} NOT NULL REFERENCES visit_service (id),
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    at BIGINT NOT NULL,
    reported_at BIGINT NOT NULL,
    by_user {uuid} NULL,
    by_zh TEXT NOT NULL,
    by_en TEXT NOT NULL,
    angle TEXT NOT NULL,
    label TEXT NULL,
    file TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    key TEXT NOT NULL
);
CREATE UNIQUE INDEX uq_treatment_photo_key ON treatment_photo (key);
CREATE UNIQUE INDEX uq_treatment_photo_file ON treatment_photo (file);
CREATE INDEX ix_treatment_photo_service ON treatment_photo (visit_service_id, at);
