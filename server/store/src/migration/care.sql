-- After the service (CARE): the free re-check, the calls of the days after, what they bring to light.
-- RECHECK counts services done after the last one that was done before there were re-checks.
INSERT INTO setting (key, branch_id, value)
    SELECT 'care.since', NULL, CAST(COALESCE(MAX(finished_at), 0) AS TEXT) FROM visit_service;

CREATE TABLE recheck (
    id {uuid} NOT NULL PRIMARY KEY,
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    customer_id {uuid} NOT NULL REFERENCES customer (id),
    visit_service_id {uuid} NOT NULL REFERENCES visit_service (id),
    service_id {uuid} NOT NULL REFERENCES service (id),
    staff_id {uuid} NULL REFERENCES staff (id),
    started_at BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    minutes INTEGER NOT NULL,
    token_hash TEXT NOT NULL,
    token TEXT NOT NULL,
    state TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    remind_at BIGINT NULL,
    remind_last BIGINT NULL,
    booking_id {uuid} NULL REFERENCES booking (id),
    outcome TEXT NULL,
    note TEXT NULL,
    done_at BIGINT NULL,
    done_by {uuid} NULL,
    version INTEGER NOT NULL,
    CONSTRAINT recheck_state CHECK (state IN ('open', 'booked', 'done', 'lapsed', 'declined')),
    CONSTRAINT recheck_outcome CHECK ((outcome IS NOT NULL) = (state = 'done')),
    CONSTRAINT recheck_order CHECK (until_at > opened_at)
);
-- Exactly one for each service.
CREATE UNIQUE INDEX uq_recheck_visit_service_id ON recheck (visit_service_id);
CREATE UNIQUE INDEX uq_recheck_token_hash ON recheck (token_hash);
CREATE UNIQUE INDEX uq_recheck_booking_id ON recheck (booking_id);
CREATE INDEX ix_recheck_until ON recheck (state, until_at);
CREATE INDEX ix_recheck_remind ON recheck (state, remind_at);
CREATE INDEX ix_recheck_customer ON recheck (customer_id, opened_at);
CREATE INDEX ix_recheck_promise ON recheck (branch_id, started_at, finished_at, opened_at, state);

-- The re-check that a service is; such a service opens none itself.
ALTER TABLE visit_service ADD COLUMN recheck_of {uuid} NULL REFERENCES recheck (id);
DROP INDEX ix_visit_service_promise;
CREATE INDEX ix_visit_service_promise
    ON visit_service (branch_id, started_at, state, credential_id, finished_at, recheck_of);

-- One call for each visit and day, however many services it had.
CREATE TABLE followup (
    id {uuid} NOT NULL PRIMARY KEY,
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    customer_id {uuid} NOT NULL REFERENCES customer (id),
    visit_id {uuid} NOT NULL REFERENCES visit (id),
    visit_service_id {uuid} NOT NULL REFERENCES visit_service (id),
    service_id {uuid} NOT NULL REFERENCES service (id),
    staff_id {uuid} NULL REFERENCES staff (id),
    day_no INTEGER NOT NULL,
    due_day INTEGER NOT NULL,
    most INTEGER NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    outcome TEXT NULL,
    note TEXT NULL,
    at BIGINT NULL,
    by_zh TEXT NULL,
    by_en TEXT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT followup_state CHECK (state IN ('open', 'done', 'given_up', 'declined')),
    CONSTRAINT followup_tries CHECK (tries >= 0 AND tries <= most)
);
CREATE UNIQUE INDEX uq_followup_visit_id_day_no ON followup (visit_id, day_no);
CREATE INDEX ix_followup_due ON followup (branch_id, state, due_day, id);
CREATE INDEX ix_followup_staff ON followup (branch_id, staff_id, state, due_day, id);
CREATE INDEX ix_followup_over ON followup (branch_id, at, id);
CREATE INDEX ix_followup_customer ON followup (customer_id, state, due_day);
CREATE INDEX ix_followup_service ON followup (visit_service_id);

CREATE TABLE followup_try (
    id {uuid} NOT NULL PRIMARY KEY,
    followup_id {uuid} NOT NULL REFERENCES followup (id),
    at BIGINT NOT NULL,
    by_user {uuid} NULL,
    outcome TEXT NOT NULL,
    note TEXT NULL,
    key TEXT NOT NULL
);
CREATE UNIQUE INDEX uq_followup_try_key ON followup_try (key);
CREATE INDEX ix_followup_try_followup ON followup_try (followup_id, at);

CREATE TABLE concern (
    id {uuid} NOT NULL PRIMARY KEY,
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    customer_id {uuid} NOT NULL REFERENCES customer (id),
    followup_id {uuid} NOT NULL REFERENCES followup (id),
    visit_service_id {uuid} NOT NULL REFERENCES visit_service (id),
    staff_id {uuid} NULL REFERENCES staff (id),
    opened_at BIGINT NOT NULL,
    text TEXT NOT NULL,
    owner {uuid} NULL REFERENCES user_account (id),
    closed_at BIGINT NULL,
    closed_by {uuid} NULL,
    result TEXT NULL,
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_concern_followup_id ON concern (followup_id);
CREATE INDEX ix_concern_open ON concern (branch_id, closed_at, opened_at);

-- Customers who do not wish to be called.
CREATE TABLE no_calls (
    customer_id {uuid} NOT NULL PRIMARY KEY REFERENCES customer (id),
    at BIGINT NOT NULL
);

-- The salon's own words for a call; the house's where there are none.
CREATE TABLE call_script (
    service_id {uuid} NOT NULL REFERENCES service (id),
    day_no INTEGER NOT NULL,
    text_zh TEXT NOT NULL,
    text_en TEXT NOT NULL,
    PRIMARY KEY (service_id, day_no)
);
