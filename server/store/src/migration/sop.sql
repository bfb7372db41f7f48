-- Versions of checklists: published ones have a number, a service has at most one draft. Steps as the domain writes them.
CREATE TABLE sop_version (
    id {uuid} NOT NULL PRIMARY KEY,
    service_id {uuid} NOT NULL REFERENCES service (id),
    number INTEGER NULL,
    steps TEXT NOT NULL,
    note TEXT NULL,
    at BIGINT NULL,
    by_user {uuid} NULL,
    by_zh TEXT NULL,
    by_en TEXT NULL,
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_sop_version_service_id_number ON sop_version (service_id, number);
CREATE UNIQUE INDEX uq_sop_version_draft ON sop_version (service_id) WHERE number IS NULL;
ALTER TABLE sop_step ADD COLUMN picture TEXT NULL;
ALTER TABLE treatment_step ADD COLUMN picture TEXT NULL;
-- The version of the checklist that a service was done by.
ALTER TABLE visit_service ADD COLUMN sop_version INTEGER NULL;
ALTER TABLE aftercare ADD COLUMN retired_at BIGINT NULL;
