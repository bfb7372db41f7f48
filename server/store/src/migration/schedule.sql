-- BOOK-13: the private calendar of a member of staff. The token is made out of the id, the serial number and the key of
-- the house; only its hash is kept. A new serial number makes the former address useless.
CREATE TABLE calendar_feed (
    user_id {uuid} NOT NULL PRIMARY KEY REFERENCES user_account (id),
    serial INTEGER NOT NULL,
    token_hash TEXT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NULL
);
CREATE UNIQUE INDEX uq_calendar_feed_token_hash ON calendar_feed (token_hash);
