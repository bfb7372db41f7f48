-- At the chair (TREAT-2 … TREAT-6): preparation, comfort, adverse reactions, products and devices, advice, departures
-- from the procedure. Who is kept with the name at that time (by_zh, by_en).

-- Somebody took the responsibility to go on although a rule speaks against it (CONSULT-3).
CREATE TABLE alert_allowed (
    id {uuid} NOT NULL PRIMARY KEY,
    visit_service_id {uuid} NOT NULL REFERENCES visit_service (id),
    fact_id {uuid} NOT NULL,
    rule_code TEXT NOT NULL,
    effect TEXT NOT NULL,
    text_zh TEXT NOT NULL,
    text_en TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    by_user {uuid} NULL,
    by_zh TEXT NOT NULL,
    by_en TEXT NOT NULL
);
CREATE UNIQUE INDEX uq_alert_allowed_visit_service_id_fact_id_rule_code
    ON alert_allowed (visit_service_id, fact_id, rule_code);

-- The last row of each line counts.
CREATE TABLE prep_record (
    id {uuid} NOT NULL PRIMARY KEY,
    visit_service_id {uuid} NOT NULL REFERENCES visit_service (id),
    what TEXT NOT NULL,
    done BOOLEAN NOT NULL,
    temperature INTEGER NULL,
    humidity INTEGER NULL,
    outside BOOLEAN NOT NULL,
    at BIGINT NOT NULL,
    by_user {uuid} NULL,
    by_zh TEXT NOT NULL,
    by_en TEXT NOT NULL
);
CREATE INDEX ix_prep_record_service ON prep_record (visit_service_id, at);

CREATE TABLE feel (
    id {uuid} NOT NULL PRIMARY KEY,
    visit_service_id {uuid} NOT NULL REFERENCES visit_service (id),
    comfort INTEGER NOT NULL,
    reactions TEXT NOT NULL,
    note TEXT NULL,
    key TEXT NOT NULL,
    at BIGINT NOT NULL,
    by_user {uuid} NULL,
    by_zh TEXT NOT NULL,
    by_en TEXT NOT NULL,
    CONSTRAINT feel_comfort CHECK (comfort BETWEEN 1 AND 5)
);
CREATE UNIQUE INDEX uq_feel_key ON feel (key);
CREATE INDEX ix_feel_service ON feel (visit_service_id, at);

-- Of the chain, or of one branch. `contains`: codes of allergies, separated by commas.
CREATE TABLE product (
    id {uuid} NOT NULL PRIMARY KEY,
    branch_id {uuid} NULL REFERENCES branch (id),
    qualification TEXT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    unit_zh TEXT NOT NULL,
    unit_en TEXT NOT NULL,
    contains TEXT NOT NULL,
    position INTEGER NOT NULL,
    retired_at BIGINT NULL
);
CREATE INDEX ix_product_position ON product (position, id);

-- amount_milli: thousandths of the unit.
CREATE TABLE product_used (
    id {uuid} NOT NULL PRIMARY KEY,
    visit_service_id {uuid} NOT NULL REFERENCES visit_service (id),
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    product_id {uuid} NOT NULL REFERENCES product (id),
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    unit_zh TEXT NOT NULL,
    unit_en TEXT NOT NULL,
    batch TEXT NOT NULL,
    amount_milli BIGINT NOT NULL,
    despite TEXT NULL,
    key TEXT NOT NULL,
    at BIGINT NOT NULL,
    by_user {uuid} NULL,
    by_zh TEXT NOT NULL,
    by_en TEXT NOT NULL,
    removed_at BIGINT NULL,
    CONSTRAINT product_used_amount CHECK (amount_milli > 0)
);
CREATE UNIQUE INDEX uq_product_used_key ON product_used (key);
CREATE INDEX ix_product_used_service ON product_used (visit_service_id, at);
CREATE INDEX ix_product_used_batch ON product_used (branch_id, product_id, at);

CREATE TABLE device_setting (
    device_type TEXT NOT NULL,
    code TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    unit TEXT NOT NULL,
    kind TEXT NOT NULL,
    position INTEGER NOT NULL,
    CONSTRAINT pk_device_setting PRIMARY KEY (device_type, code),
    CONSTRAINT device_setting_kind CHECK (kind IN ('number', 'text'))
);

-- settings: JSON, [{code, name, value, unit}].
CREATE TABLE device_used (
    id {uuid} NOT NULL PRIMARY KEY,
    visit_service_id {uuid} NOT NULL REFERENCES visit_service (id),
    device_id {uuid} NOT NULL REFERENCES resource (id),
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    settings TEXT NOT NULL,
    key TEXT NOT NULL,
    at BIGINT NOT NULL,
    by_user {uuid} NULL,
    by_zh TEXT NOT NULL,
    by_en TEXT NOT NULL,
    removed_at BIGINT NULL
);
CREATE UNIQUE INDEX uq_device_used_key ON device_used (key);
CREATE INDEX ix_device_used_service ON device_used (visit_service_id, at);

CREATE TABLE advice_note (
    id {uuid} NOT NULL PRIMARY KEY,
    visit_service_id {uuid} NOT NULL REFERENCES visit_service (id),
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    key TEXT NOT NULL,
    at BIGINT NOT NULL,
    by_user {uuid} NULL,
    by_zh TEXT NOT NULL,
    by_en TEXT NOT NULL
);
CREATE UNIQUE INDEX uq_advice_note_key ON advice_note (key);
CREATE INDEX ix_advice_note_service ON advice_note (visit_service_id, at);

CREATE TABLE next_visit (
    visit_service_id {uuid} NOT NULL PRIMARY KEY REFERENCES visit_service (id),
    booking_id {uuid} NOT NULL REFERENCES booking (id),
    at BIGINT NOT NULL,
    by_user {uuid} NULL,
    by_zh TEXT NOT NULL,
    by_en TEXT NOT NULL
);

CREATE TABLE deviation (
    id {uuid} NOT NULL PRIMARY KEY,
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    visit_service_id {uuid} NOT NULL REFERENCES visit_service (id),
    service_id {uuid} NOT NULL REFERENCES service (id),
    service_zh TEXT NOT NULL,
    service_en TEXT NOT NULL,
    staff_id {uuid} NULL REFERENCES staff (id),
    kind TEXT NOT NULL,
    text_zh TEXT NOT NULL,
    text_en TEXT NOT NULL,
    reason TEXT NULL,
    at BIGINT NOT NULL,
    ack_at BIGINT NULL,
    ack_by {uuid} NULL,
    ack_zh TEXT NULL,
    ack_en TEXT NULL,
    comment TEXT NULL,
    CONSTRAINT deviation_kind CHECK (kind IN ('step', 'prep', 'stop'))
);
CREATE INDEX ix_deviation_branch ON deviation (branch_id, at, id);
CREATE INDEX ix_deviation_open ON deviation (branch_id, at, id) WHERE ack_at IS NULL;
CREATE INDEX ix_deviation_staff ON deviation (branch_id, staff_id, at);
CREATE INDEX ix_deviation_service ON deviation (branch_id, service_id, at);

CREATE TABLE incident (
    id {uuid} NOT NULL PRIMARY KEY,
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    customer_id {uuid} NOT NULL REFERENCES customer (id),
    visit_service_id {uuid} NOT NULL REFERENCES visit_service (id),
    day INTEGER NOT NULL,
    severity TEXT NOT NULL,
    what TEXT NOT NULL,
    told TEXT NULL,
    state TEXT NOT NULL,
    outcome TEXT NULL,
    key TEXT NOT NULL,
    at BIGINT NOT NULL,
    by_user {uuid} NULL,
    by_zh TEXT NOT NULL,
    by_en TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT incident_state CHECK (state IN ('open', 'handled', 'closed')),
    CONSTRAINT incident_severity CHECK (severity IN ('mild', 'moderate', 'severe')),
    CONSTRAINT incident_outcome CHECK (state <> 'closed' OR outcome IS NOT NULL)
);
CREATE UNIQUE INDEX uq_incident_key ON incident (key);
CREATE INDEX ix_incident_branch ON incident (branch_id, state, at, id);
CREATE INDEX ix_incident_customer ON incident (customer_id, at);
CREATE INDEX ix_incident_service ON incident (visit_service_id, at);

CREATE TABLE incident_step (
    incident_id {uuid} NOT NULL REFERENCES incident (id),
    step TEXT NOT NULL,
    at BIGINT NOT NULL,
    by_user {uuid} NULL,
    by_zh TEXT NOT NULL,
    by_en TEXT NOT NULL,
    CONSTRAINT pk_incident_step PRIMARY KEY (incident_id, step)
);

CREATE TABLE incident_event (
    id {uuid} NOT NULL PRIMARY KEY,
    incident_id {uuid} NOT NULL REFERENCES incident (id),
    step TEXT NOT NULL,
    text TEXT NULL,
    at BIGINT NOT NULL,
    by_user {uuid} NULL,
    by_zh TEXT NOT NULL,
    by_en TEXT NOT NULL
);
CREATE INDEX ix_incident_event_incident ON incident_event (incident_id, at);

INSERT INTO device_setting (device_type, code, name_zh, name_en, unit, kind, position) VALUES
    ('ipl', 'filter', '滤光片', 'Filter', 'nm', 'number', 1),
    ('ipl', 'energy', '能量', 'Energy', 'J/cm²', 'number', 2),
    ('ipl', 'pulse', '脉宽', 'Pulse', 'ms', 'number', 3),
    ('ipl', 'shots', '发数', 'Shots', '', 'number', 4),
    ('led', 'colour', '光色', 'Colour', '', 'text', 1),
    ('led', 'level', '档位', 'Level', '', 'number', 2),
    ('led', 'minutes', '时长', 'Duration', 'min', 'number', 3),
    ('rf', 'level', '档位', 'Level', '', 'number', 1),
    ('rf', 'temperature', '皮肤温度', 'Skin temperature', '°C', 'number', 2),
    ('rf', 'minutes', '时长', 'Duration', 'min', 'number', 3),
    ('infuser', 'level', '档位', 'Level', '', 'number', 1),
    ('infuser', 'minutes', '时长', 'Duration', 'min', 'number', 2);
