-- The rest of the front desk (DESK-1, DESK-5 … DESK-10).

-- A ticket that was called to the desk or to a room: once each, whoever pressed first.
CREATE TABLE visit_call (
    visit_id {uuid} NOT NULL PRIMARY KEY REFERENCES visit (id),
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    called_at BIGINT NOT NULL,
    called_by {uuid} NULL
);
CREATE INDEX ix_visit_call_at ON visit_call (branch_id, called_at);

-- 首问负责: a question or request has one owner until it is handed over or closed.
CREATE TABLE desk_question (
    id {uuid} NOT NULL PRIMARY KEY,
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    customer_id {uuid} NULL REFERENCES customer (id),
    text TEXT NOT NULL,
    asked_of {uuid} NOT NULL REFERENCES user_account (id),
    owner_id {uuid} NOT NULL REFERENCES user_account (id),
    opened_at BIGINT NOT NULL,
    handed_at BIGINT NULL,
    accepted_at BIGINT NULL,
    closed_at BIGINT NULL,
    closed_by {uuid} NULL,
    outcome TEXT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT desk_question_closed CHECK ((closed_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX ix_desk_question_open ON desk_question (branch_id, closed_at, opened_at);

CREATE TABLE phone_call (
    id {uuid} NOT NULL PRIMARY KEY,
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    at BIGINT NOT NULL,
    rings INTEGER NOT NULL,
    answered BOOLEAN NOT NULL,
    phone {text_c} NULL,
    caller TEXT NULL,
    customer_id {uuid} NULL REFERENCES customer (id),
    matter TEXT NOT NULL,
    note TEXT NULL,
    taken_by {uuid} NULL REFERENCES user_account (id),
    callback_due BIGINT NULL,
    called_back_at BIGINT NULL,
    called_back_by {uuid} NULL REFERENCES user_account (id),
    outcome TEXT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT phone_call_rings CHECK (rings BETWEEN 0 AND 99),
    CONSTRAINT phone_call_missed CHECK (answered OR callback_due IS NOT NULL),
    CONSTRAINT phone_call_back CHECK (called_back_at IS NULL OR callback_due IS NOT NULL)
);
-- PHONE reads these columns of a year of records; with all of them in the index no row is read besides.
CREATE INDEX ix_phone_call_promise ON phone_call (branch_id, at, answered, rings, callback_due, called_back_at);
CREATE INDEX ix_phone_call_open ON phone_call (branch_id, called_back_at, callback_due);

CREATE TABLE shift_handover (
    id {uuid} NOT NULL PRIMARY KEY,
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    given_at BIGINT NOT NULL,
    given_by {uuid} NOT NULL REFERENCES user_account (id),
    matters TEXT NOT NULL,
    cash_note TEXT NULL,
    note TEXT NULL,
    taken_at BIGINT NULL,
    taken_by {uuid} NULL REFERENCES user_account (id),
    take_note TEXT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT shift_handover_two CHECK (taken_by IS NULL OR taken_by <> given_by)
);
-- One waits to be taken over at a time.
CREATE UNIQUE INDEX uq_shift_handover_branch_id ON shift_handover (branch_id) WHERE taken_at IS NULL;
CREATE INDEX ix_shift_handover_at ON shift_handover (branch_id, given_at);

CREATE TABLE wristband (
    id {uuid} NOT NULL PRIMARY KEY,
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    kind TEXT NOT NULL,
    label {text_c} NOT NULL,
    lost_at BIGINT NULL,
    CONSTRAINT wristband_kind CHECK (kind IN ('band', 'locker'))
);
CREATE UNIQUE INDEX uq_wristband_branch_id_kind_label ON wristband (branch_id, kind, label);

-- DESK-8: a wristband that is out opens the visit's tab and binds a locker and a room.
CREATE TABLE band_out (
    id {uuid} NOT NULL PRIMARY KEY,
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    band_id {uuid} NOT NULL REFERENCES wristband (id),
    locker_id {uuid} NULL REFERENCES wristband (id),
    room_id {uuid} NULL REFERENCES resource (id),
    visit_id {uuid} NOT NULL REFERENCES visit (id),
    out_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    out_by {uuid} NULL REFERENCES user_account (id),
    back_at BIGINT NULL,
    back_by {uuid} NULL REFERENCES user_account (id),
    lost BOOLEAN NOT NULL,
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_band_out_band_id ON band_out (band_id) WHERE back_at IS NULL;
CREATE UNIQUE INDEX uq_band_out_locker_id ON band_out (locker_id) WHERE back_at IS NULL;
CREATE INDEX ix_band_out_open ON band_out (branch_id, back_at, due_at);
CREATE INDEX ix_band_out_visit ON band_out (visit_id);

-- DESK-10: 话术.
CREATE TABLE desk_script (
    id {uuid} NOT NULL PRIMARY KEY,
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    moment TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    text_zh TEXT NOT NULL,
    text_en TEXT NOT NULL,
    position INTEGER NOT NULL,
    retired_at BIGINT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_desk_script_branch ON desk_script (branch_id, retired_at, position);

-- Unguessable links of a branch that can be revoked: the screen on the wall, the code at the door (DESK-7).
CREATE TABLE desk_link (
    id {uuid} NOT NULL PRIMARY KEY,
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    kind TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    token TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT NULL,
    CONSTRAINT desk_link_kind CHECK (kind IN ('screen', 'arrive'))
);
CREATE UNIQUE INDEX uq_desk_link_token_hash ON desk_link (token_hash);
CREATE UNIQUE INDEX uq_desk_link_branch_id_kind ON desk_link (branch_id, kind) WHERE revoked_at IS NULL;
