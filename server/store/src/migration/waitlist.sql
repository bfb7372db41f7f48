-- BOOK-10: who waits for a time to become free. An offer is a booking in the state 'held', so that the time is really
-- taken while it is offered.
CREATE TABLE waitlist (
    id {uuid} NOT NULL PRIMARY KEY,
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    customer_id {uuid} NULL REFERENCES customer (id),
    state TEXT NOT NULL,
    channel TEXT NOT NULL,
    -- ids of the services in sequence, separated by commas
    services TEXT NOT NULL,
    who {uuid} NULL REFERENCES staff (id),
    first_day INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    token_hash TEXT NOT NULL,
    token TEXT NOT NULL,
    contact_name TEXT NULL,
    contact_phone TEXT NULL,
    booking_id {uuid} NULL REFERENCES booking (id),
    offered_until BIGINT NULL,
    misses INTEGER NOT NULL,
    -- the place in the line
    queued_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT waitlist_range CHECK (last_day >= first_day),
    CONSTRAINT waitlist_state CHECK (state IN ('asked', 'waiting', 'offered', 'accepted', 'left', 'expired', 'ended')),
    CONSTRAINT waitlist_offer CHECK (state <> 'offered' OR (booking_id IS NOT NULL AND offered_until IS NOT NULL)),
    CONSTRAINT waitlist_owner CHECK (customer_id IS NOT NULL OR state IN ('asked', 'left', 'expired'))
);
CREATE UNIQUE INDEX uq_waitlist_token_hash ON waitlist (token_hash);
CREATE UNIQUE INDEX uq_waitlist_booking_id ON waitlist (booking_id);
CREATE INDEX ix_waitlist_queue ON waitlist (branch_id, state, queued_at, id);
CREATE INDEX ix_waitlist_customer ON waitlist (customer_id, queued_at);
CREATE INDEX ix_waitlist_offered ON waitlist (state, offered_until);
CREATE INDEX ix_waitlist_last ON waitlist (state, last_day);

CREATE TABLE waitlist_event (
    id {uuid} NOT NULL PRIMARY KEY,
    waitlist_id {uuid} NOT NULL REFERENCES waitlist (id),
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    by_kind TEXT NOT NULL,
    by_id {uuid} NULL,
    from_ms BIGINT NULL,
    to_ms BIGINT NULL
);
CREATE INDEX ix_waitlist_event_waitlist ON waitlist_event (waitlist_id, at);

-- BOOK-11: several sessions booked as one.
CREATE TABLE series (
    id {uuid} NOT NULL PRIMARY KEY,
    branch_id {uuid} NOT NULL REFERENCES branch (id),
    customer_id {uuid} NOT NULL REFERENCES customer (id),
    sessions INTEGER NOT NULL,
    at BIGINT NOT NULL,
    by_user {uuid} NULL,
    CONSTRAINT series_sessions CHECK (sessions > 0)
);
CREATE INDEX ix_series_customer ON series (customer_id, at);

CREATE TABLE series_booking (
    series_id {uuid} NOT NULL REFERENCES series (id),
    position INTEGER NOT NULL,
    booking_id {uuid} NOT NULL PRIMARY KEY REFERENCES booking (id)
);
CREATE UNIQUE INDEX uq_series_booking_series_id_position ON series_booking (series_id, position);
