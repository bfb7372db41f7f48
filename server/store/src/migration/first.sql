-- The first tables. {uuid}, {text_c} and so on are written out per database by migration/mod.rs.
-- Instants are milliseconds since 1970 (*_at, *_ms), days are days since 1970-01-01 in the branch's zone (*_day,
-- day), money is fen, bilingual texts are x_zh and x_en, enums are the codes of the domain.

CREATE TABLE setting (
    key TEXT NOT NULL,
    branch_id {uuid} NULL,
    value TEXT NOT NULL
);
CREATE UNIQUE INDEX uq_setting_key ON setting (key) WHERE branch_id IS NULL;
CREATE UNIQUE INDEX uq_setting_key_branch_id ON setting (key, branch_id) WHERE branch_id IS NOT NULL;

CREATE TABLE branch (
    id {uuid} NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    kind TEXT NOT NULL,
    brand_zh TEXT NOT NULL,
    brand_en TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    address_zh TEXT NOT NULL,
    address_en TEXT NOT NULL,
    phone TEXT NOT NULL,
    tz TEXT NOT NULL,
    policy TEXT NOT NULL,
    position INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_branch_slug ON branch (slug);

CREATE TABLE opening (
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    weekday INTEGER NOT NULL,
    open_min INTEGER NOT NULL,
    close_min INTEGER NOT NULL,
    PRIMARY KEY (branch_id, weekday, open_min),
    CONSTRAINT opening_order CHECK (weekday BETWEEN 0 AND 6 AND open_min BETWEEN 0 AND 1440
        AND close_min > open_min AND close_min <= 2160)
);

CREATE TABLE special_day (
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    day INTEGER NOT NULL,
    closed BOOLEAN NOT NULL,
    open_min INTEGER NULL,
    close_min INTEGER NULL,
    note TEXT NULL,
    PRIMARY KEY (branch_id, day),
    CONSTRAINT special_day_order CHECK (closed OR close_min > open_min)
);

CREATE TABLE resource (
    id {uuid} NOT NULL PRIMARY KEY,
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    kind TEXT NOT NULL,
    type_code TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    state TEXT NOT NULL,
    CONSTRAINT resource_kind CHECK (kind IN ('staff', 'room', 'device')),
    CONSTRAINT resource_state CHECK (state IN ('active', 'down', 'retired'))
);
CREATE INDEX ix_resource_branch ON resource (branch_id, kind);

CREATE TABLE staff (
    id {uuid} NOT NULL PRIMARY KEY REFERENCES resource (id),
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    initials TEXT NOT NULL,
    bookable BOOLEAN NOT NULL,
    position INTEGER NOT NULL,
    left_at BIGINT NULL
);
CREATE INDEX ix_staff_branch ON staff (branch_id);

CREATE TABLE staff_skill (
    staff_id {uuid} NOT NULL REFERENCES staff (id),
    qualification TEXT NOT NULL,
    PRIMARY KEY (staff_id, qualification)
);

CREATE TABLE credential (
    id {uuid} NOT NULL PRIMARY KEY,
    staff_id {uuid} NOT NULL REFERENCES staff (id),
    qualification TEXT NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    valid_from_day INTEGER NOT NULL,
    valid_to_day INTEGER NOT NULL,
    CONSTRAINT credential_order CHECK (valid_to_day >= valid_from_day)
);
CREATE INDEX ix_credential_staff ON credential (staff_id, qualification);

CREATE TABLE rota (
    id {uuid} NOT NULL PRIMARY KEY,
    staff_id {uuid} NOT NULL REFERENCES staff (id),
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    kind TEXT NOT NULL,
    from_ms BIGINT NOT NULL,
    to_ms BIGINT NOT NULL,
    CONSTRAINT rota_kind CHECK (kind IN ('shift', 'break', 'leave')),
    CONSTRAINT rota_order CHECK (to_ms > from_ms AND to_ms - from_ms <= 7948800000)
);
CREATE INDEX ix_rota_staff ON rota (staff_id, from_ms);
CREATE INDEX ix_rota_branch ON rota (branch_id, from_ms);

CREATE TABLE category (
    code TEXT NOT NULL PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    position INTEGER NOT NULL
);

CREATE TABLE service (
    id {uuid} NOT NULL PRIMARY KEY,
    category_code TEXT NOT NULL REFERENCES category (code),
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    summary_zh TEXT NOT NULL,
    summary_en TEXT NOT NULL,
    swatch TEXT NOT NULL,
    price_fen BIGINT NOT NULL,
    prepare_min INTEGER NOT NULL,
    active_min INTEGER NOT NULL,
    processing_min INTEGER NOT NULL,
    finish_min INTEGER NOT NULL,
    cleanup_min INTEGER NOT NULL,
    qualification TEXT NOT NULL,
    room_type TEXT NULL,
    arrive_early_min INTEGER NOT NULL,
    precautions_zh TEXT NOT NULL,
    precautions_en TEXT NOT NULL,
    online BOOLEAN NOT NULL,
    needs_first TEXT NULL,
    position INTEGER NOT NULL,
    retired_at BIGINT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT service_blocks CHECK (price_fen >= 0 AND prepare_min >= 0 AND active_min > 0 AND processing_min >= 0
        AND finish_min >= 0 AND cleanup_min >= 0 AND arrive_early_min >= 0)
);

CREATE TABLE service_branch (
    service_id {uuid} NOT NULL REFERENCES service (id),
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    PRIMARY KEY (service_id, branch_id)
);
CREATE INDEX ix_service_branch_branch ON service_branch (branch_id);

CREATE TABLE service_device (
    service_id {uuid} NOT NULL REFERENCES service (id),
    device_type TEXT NOT NULL,
    PRIMARY KEY (service_id, device_type)
);

CREATE TABLE sop_step (
    id {uuid} NOT NULL PRIMARY KEY,
    service_id {uuid} NOT NULL REFERENCES service (id),
    position INTEGER NOT NULL,
    phase TEXT NOT NULL,
    text_zh TEXT NOT NULL,
    text_en TEXT NOT NULL,
    mandatory BOOLEAN NOT NULL,
    minutes INTEGER NULL
);
CREATE INDEX ix_sop_step_service ON sop_step (service_id, position);

CREATE TABLE aftercare (
    id {uuid} NOT NULL PRIMARY KEY,
    service_id {uuid} NOT NULL REFERENCES service (id),
    position INTEGER NOT NULL,
    text_zh TEXT NOT NULL,
    text_en TEXT NOT NULL
);
CREATE INDEX ix_aftercare_service ON aftercare (service_id, position);

CREATE TABLE customer (
    id {uuid} NOT NULL PRIMARY KEY,
    name {text_c} NOT NULL,
    pinyin {text_c} NOT NULL,
    initials {text_c} NOT NULL,
    phone {text_c} NULL,
    phone_tail {text_c} NULL,
    level TEXT NULL,
    care TEXT NULL,
    birth_day INTEGER NULL,
    lang TEXT NOT NULL,
    marketing BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    version INTEGER NOT NULL
);
CREATE UNIQUE INDEX uq_customer_phone ON customer (phone);
CREATE INDEX ix_customer_phone_tail ON customer (phone_tail);
CREATE INDEX ix_customer_name ON customer (name);
CREATE INDEX ix_customer_pinyin ON customer (pinyin);
CREATE INDEX ix_customer_initials ON customer (initials);

CREATE TABLE booking (
    id {uuid} NOT NULL PRIMARY KEY,
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    customer_id {uuid} NULL REFERENCES customer (id),
    state TEXT NOT NULL,
    channel TEXT NOT NULL,
    number TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    token TEXT NOT NULL,
    checkin_code TEXT NOT NULL,
    from_ms BIGINT NOT NULL,
    to_ms BIGINT NOT NULL,
    day INTEGER NOT NULL,
    price_fen BIGINT NOT NULL,
    held_until BIGINT NULL,
    changes INTEGER NOT NULL,
    salon_error TEXT NULL,
    cancel_reason TEXT NULL,
    cancel_note TEXT NULL,
    contact_name TEXT NULL,
    contact_phone TEXT NULL,
    key TEXT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT booking_order CHECK (to_ms > from_ms),
    CONSTRAINT booking_state CHECK (state IN ('held', 'booked', 'confirmed', 'arrived', 'in_service', 'completed',
        'cancelled_by_customer', 'cancelled_by_salon', 'no_show', 'expired')),
    CONSTRAINT booking_owner CHECK (customer_id IS NOT NULL OR state IN ('held', 'expired'))
);
CREATE UNIQUE INDEX uq_booking_number ON booking (number);
CREATE UNIQUE INDEX uq_booking_token_hash ON booking (token_hash);
CREATE UNIQUE INDEX uq_booking_key ON booking (key);
CREATE INDEX ix_booking_day ON booking (branch_id, day, state);
CREATE INDEX ix_booking_customer ON booking (customer_id, from_ms);
CREATE INDEX ix_booking_held ON booking (state, held_until);
CREATE INDEX ix_booking_from ON booking (state, from_ms);

CREATE TABLE booking_item (
    id {uuid} NOT NULL PRIMARY KEY,
    booking_id {uuid} NOT NULL REFERENCES booking (id),
    position INTEGER NOT NULL,
    service_id {uuid} NOT NULL REFERENCES service (id),
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    price_fen BIGINT NOT NULL,
    prepare_min INTEGER NOT NULL,
    active_min INTEGER NOT NULL,
    processing_min INTEGER NOT NULL,
    finish_min INTEGER NOT NULL,
    cleanup_min INTEGER NOT NULL,
    staff_id {uuid} NOT NULL REFERENCES staff (id),
    room_id {uuid} NULL REFERENCES resource (id),
    wished BOOLEAN NOT NULL,
    from_ms BIGINT NOT NULL,
    to_ms BIGINT NOT NULL,
    CONSTRAINT booking_item_order CHECK (to_ms > from_ms)
);
CREATE UNIQUE INDEX uq_booking_item_booking_id_position ON booking_item (booking_id, position);
CREATE INDEX ix_booking_item_staff ON booking_item (staff_id, from_ms);

CREATE TABLE booking_event (
    id {uuid} NOT NULL PRIMARY KEY,
    booking_id {uuid} NOT NULL REFERENCES booking (id),
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    by_kind TEXT NOT NULL,
    by_id {uuid} NULL,
    reason TEXT NULL,
    detail TEXT NULL
);
CREATE INDEX ix_booking_event_booking ON booking_event (booking_id, at);

CREATE TABLE visit (
    id {uuid} NOT NULL PRIMARY KEY,
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    customer_id {uuid} NOT NULL REFERENCES customer (id),
    booking_id {uuid} NULL REFERENCES booking (id),
    day INTEGER NOT NULL,
    state TEXT NOT NULL,
    ticket TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    token TEXT NOT NULL,
    planned_ms BIGINT NULL,
    arrived_at BIGINT NOT NULL,
    ready_at BIGINT NOT NULL,
    assigned_staff_id {uuid} NULL REFERENCES staff (id),
    assigned_at BIGINT NULL,
    first_contact_at BIGINT NULL,
    started_at BIGINT NULL,
    finished_at BIGINT NULL,
    told_at BIGINT NULL,
    breach_reason TEXT NULL,
    breach_note TEXT NULL,
    walk_in BOOLEAN NOT NULL,
    key TEXT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT visit_state CHECK (state IN ('waiting', 'assigned', 'in_service', 'done', 'left'))
);
CREATE UNIQUE INDEX uq_visit_booking_id ON visit (booking_id);
CREATE UNIQUE INDEX uq_visit_token_hash ON visit (token_hash);
CREATE UNIQUE INDEX uq_visit_key ON visit (key);
CREATE UNIQUE INDEX uq_visit_branch_id_day_ticket ON visit (branch_id, day, ticket);
CREATE INDEX ix_visit_day ON visit (branch_id, day, state);
CREATE INDEX ix_visit_arrived ON visit (branch_id, arrived_at);
CREATE INDEX ix_visit_customer ON visit (customer_id, arrived_at);

CREATE TABLE visit_service (
    id {uuid} NOT NULL PRIMARY KEY,
    visit_id {uuid} NOT NULL REFERENCES visit (id),
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    day INTEGER NOT NULL,
    position INTEGER NOT NULL,
    service_id {uuid} NOT NULL REFERENCES service (id),
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    prepare_min INTEGER NOT NULL,
    active_min INTEGER NOT NULL,
    processing_min INTEGER NOT NULL,
    finish_min INTEGER NOT NULL,
    cleanup_min INTEGER NOT NULL,
    price_fen BIGINT NOT NULL,
    qualification TEXT NOT NULL,
    staff_id {uuid} NULL REFERENCES staff (id),
    wished_staff_id {uuid} NULL REFERENCES staff (id),
    room_id {uuid} NULL REFERENCES resource (id),
    state TEXT NOT NULL,
    booked_from_ms BIGINT NULL,
    started_at BIGINT NULL,
    finished_at BIGINT NULL,
    credential_id {uuid} NULL REFERENCES credential (id),
    version INTEGER NOT NULL,
    CONSTRAINT visit_service_state CHECK (state IN ('expected', 'waiting', 'greeted', 'in_service', 'done',
        'dropped'))
);
CREATE UNIQUE INDEX uq_visit_service_visit_id_position ON visit_service (visit_id, position);
CREATE INDEX ix_visit_service_staff ON visit_service (staff_id, day);
CREATE INDEX ix_visit_service_day ON visit_service (branch_id, day, state);
CREATE INDEX ix_visit_service_started ON visit_service (branch_id, started_at);

-- What is occupied, and when. No two active rows of one resource overlap: allocation_overlap, written per database.
CREATE TABLE allocation (
    id {uuid} NOT NULL PRIMARY KEY,
    resource_id {uuid} NOT NULL REFERENCES resource (id),
    from_ms BIGINT NOT NULL,
    to_ms BIGINT NOT NULL,
    active BOOLEAN NOT NULL,
    booking_item_id {uuid} NULL REFERENCES booking_item (id),
    visit_service_id {uuid} NULL REFERENCES visit_service (id),
    CONSTRAINT allocation_length CHECK (to_ms > from_ms AND to_ms - from_ms <= 86400000)
);
-- Covers every question about free times: no row is read besides the index.
CREATE INDEX ix_allocation_resource ON allocation (resource_id, from_ms, to_ms, active);
CREATE INDEX ix_allocation_booking_item ON allocation (booking_item_id);
CREATE INDEX ix_allocation_visit_service ON allocation (visit_service_id);

CREATE TABLE treatment_step (
    id {uuid} NOT NULL PRIMARY KEY,
    visit_service_id {uuid} NOT NULL REFERENCES visit_service (id),
    position INTEGER NOT NULL,
    phase TEXT NOT NULL,
    text_zh TEXT NOT NULL,
    text_en TEXT NOT NULL,
    mandatory BOOLEAN NOT NULL,
    minutes INTEGER NULL,
    state TEXT NOT NULL,
    done_by {uuid} NULL,
    done_at BIGINT NULL,
    reason TEXT NULL
);
CREATE UNIQUE INDEX uq_treatment_step_visit_service_id_position ON treatment_step (visit_service_id, position);

CREATE TABLE treatment_note (
    id {uuid} NOT NULL PRIMARY KEY,
    visit_service_id {uuid} NOT NULL REFERENCES visit_service (id),
    at BIGINT NOT NULL,
    by_user {uuid} NULL,
    by_zh TEXT NOT NULL,
    by_en TEXT NOT NULL,
    text TEXT NOT NULL,
    key TEXT NOT NULL
);
CREATE UNIQUE INDEX uq_treatment_note_key ON treatment_note (key);
CREATE INDEX ix_treatment_note_service ON treatment_note (visit_service_id, at);

CREATE TABLE aftercare_told (
    visit_service_id {uuid} NOT NULL REFERENCES visit_service (id),
    aftercare_id {uuid} NOT NULL REFERENCES aftercare (id),
    told_at BIGINT NOT NULL,
    by_user {uuid} NULL,
    PRIMARY KEY (visit_service_id, aftercare_id)
);

CREATE TABLE survey (
    id {uuid} NOT NULL PRIMARY KEY,
    visit_id {uuid} NOT NULL REFERENCES visit (id),
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    token_hash TEXT NOT NULL,
    token TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    answered_at BIGINT NULL
);
CREATE UNIQUE INDEX uq_survey_visit_id ON survey (visit_id);
CREATE UNIQUE INDEX uq_survey_token_hash ON survey (token_hash);

CREATE TABLE response (
    id {uuid} NOT NULL PRIMARY KEY,
    survey_id {uuid} NOT NULL REFERENCES survey (id),
    visit_id {uuid} NOT NULL REFERENCES visit (id),
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    customer_id {uuid} NULL REFERENCES customer (id),
    at BIGINT NOT NULL,
    questionnaire INTEGER NOT NULL,
    overall INTEGER NOT NULL,
    reliability INTEGER NULL,
    responsiveness INTEGER NULL,
    assurance INTEGER NULL,
    empathy INTEGER NULL,
    tangibles INTEGER NULL,
    hygiene INTEGER NULL,
    privacy INTEGER NULL,
    waiting INTEGER NULL,
    nps INTEGER NULL,
    comment TEXT NULL,
    wants_call BOOLEAN NOT NULL,
    key TEXT NULL,
    CONSTRAINT response_range CHECK (overall BETWEEN 1 AND 5 AND (nps IS NULL OR nps BETWEEN 0 AND 10))
);
CREATE UNIQUE INDEX uq_response_survey_id ON response (survey_id);
CREATE INDEX ix_response_at ON response (branch_id, at);

CREATE TABLE user_account (
    id {uuid} NOT NULL PRIMARY KEY,
    username {text_c} NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    branch_id {uuid} NULL REFERENCES branch (id),
    staff_id {uuid} NULL REFERENCES staff (id),
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    factor_secret TEXT NULL,
    factor_pending TEXT NULL,
    factor_step BIGINT NULL,
    disabled_at BIGINT NULL,
    created_at BIGINT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT user_account_branch CHECK (role = 'owner' OR branch_id IS NOT NULL)
);
CREATE UNIQUE INDEX uq_user_account_username ON user_account (username);

CREATE TABLE session (
    id_hash TEXT NOT NULL PRIMARY KEY,
    user_id {uuid} NULL REFERENCES user_account (id),
    user_version INTEGER NULL,
    customer_id {uuid} NULL REFERENCES customer (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ttl_ms BIGINT NOT NULL,
    branch_id {uuid} NULL REFERENCES branch (id),
    addr TEXT NOT NULL,
    CONSTRAINT session_owner CHECK ((user_id IS NULL) <> (customer_id IS NULL))
);
CREATE INDEX ix_session_user ON session (user_id);
CREATE INDEX ix_session_customer ON session (customer_id);
CREATE INDEX ix_session_expires ON session (expires_at);

CREATE TABLE login_code (
    id {uuid} NOT NULL PRIMARY KEY,
    phone {text_c} NOT NULL,
    purpose TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    tries INTEGER NOT NULL,
    used_at BIGINT NULL
);
CREATE INDEX ix_login_code_phone ON login_code (phone, created_at);
CREATE INDEX ix_login_code_expires ON login_code (expires_at);

CREATE TABLE rate (
    key TEXT NOT NULL,
    window_ms BIGINT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (key, window_ms)
);
CREATE INDEX ix_rate_window ON rate (window_ms);

CREATE TABLE audit (
    id {uuid} NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id {uuid} NULL,
    action TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_id {uuid} NULL,
    branch_id {uuid} NULL,
    detail TEXT NULL
);
CREATE INDEX ix_audit_at ON audit (at);
CREATE INDEX ix_audit_entity ON audit (entity_id, at);

CREATE TABLE outbox (
    id {uuid} NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    channel TEXT NOT NULL,
    recipient TEXT NOT NULL,
    template TEXT NOT NULL,
    lang TEXT NOT NULL,
    params TEXT NOT NULL,
    key TEXT NOT NULL,
    customer_id {uuid} NULL REFERENCES customer (id),
    booking_id {uuid} NULL REFERENCES booking (id),
    branch_id {uuid} NULL REFERENCES branch (id),
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    lease_until BIGINT NULL,
    lease_token {uuid} NULL,
    sent_at BIGINT NULL,
    error TEXT NULL,
    CONSTRAINT outbox_state CHECK (state IN ('pending', 'sent', 'dead', 'cancelled'))
);
CREATE UNIQUE INDEX uq_outbox_key ON outbox (key);
CREATE INDEX ix_outbox_due ON outbox (state, due_at);
CREATE INDEX ix_outbox_booking ON outbox (booking_id);
CREATE INDEX ix_outbox_at ON outbox (at);
CREATE INDEX ix_outbox_branch ON outbox (branch_id, at);

CREATE TABLE idempotency (
    key TEXT NOT NULL PRIMARY KEY,
    scope TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    response TEXT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX ix_idempotency_created ON idempotency (created_at);
