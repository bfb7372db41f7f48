-- What the manager sets: which version of something was saved last, times out of service, what a leave is for.

-- One row per branch, person, room or device that was ever saved on a settings page; C-11 stands on it.
CREATE TABLE edition (
    subject {uuid} NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL
);

CREATE TABLE downtime (
    id {uuid} NOT NULL PRIMARY KEY,
    resource_id {uuid} NOT NULL REFERENCES resource (id),
    from_ms BIGINT NOT NULL,
    to_ms BIGINT NULL,
    note TEXT NULL,
    CONSTRAINT downtime_order CHECK (to_ms IS NULL OR to_ms > from_ms)
);
CREATE INDEX ix_downtime_resource ON downtime (resource_id, from_ms);

CREATE TABLE leave_note (
    rota_id {uuid} NOT NULL PRIMARY KEY REFERENCES rota (id),
    kind TEXT NOT NULL,
    note TEXT NULL
);
