-- Readings of the baths (TREAT-8), in hundredths of their unit, with the limits that counted then.
CREATE TABLE bath_reading (
    id {uuid} NOT NULL PRIMARY KEY,
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    resource_id {uuid} NOT NULL REFERENCES resource (id),
    kind TEXT NOT NULL,
    value INTEGER NOT NULL,
    low INTEGER NOT NULL,
    high INTEGER NOT NULL,
    at BIGINT NOT NULL,
    by_user {uuid} NULL,
    by_zh TEXT NOT NULL,
    by_en TEXT NOT NULL,
    key TEXT NOT NULL,
    CONSTRAINT bath_reading_kind CHECK (kind IN ('water', 'sauna', 'ph', 'chlorine', 'humidity'))
);
CREATE UNIQUE INDEX uq_bath_reading_key ON bath_reading (key);
CREATE INDEX ix_bath_reading_area ON bath_reading (resource_id, kind, at);
CREATE INDEX ix_bath_reading_at ON bath_reading (branch_id, at);

-- What has to be done before an area opens again: the work, and a good reading.
CREATE TABLE bath_job (
    id {uuid} NOT NULL PRIMARY KEY,
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    resource_id {uuid} NOT NULL REFERENCES resource (id),
    kind TEXT NOT NULL,
    value INTEGER NOT NULL,
    low INTEGER NOT NULL,
    high INTEGER NOT NULL,
    -- Whether this job has closed the area; it may have been closed for another reason.
    closes BOOLEAN NOT NULL,
    opened_at BIGINT NOT NULL,
    owner {uuid} NULL REFERENCES user_account (id),
    work_done_at BIGINT NULL,
    work_done_by {uuid} NULL,
    note TEXT NULL,
    closed_at BIGINT NULL,
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_bath_job_resource_id ON bath_job (resource_id) WHERE closed_at IS NULL;
CREATE INDEX ix_bath_job_branch ON bath_job (branch_id, closed_at);
CREATE INDEX ix_booking_item_room ON booking_item (room_id, from_ms);
