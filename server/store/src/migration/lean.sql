-- Indexes hold only the rows that are ever looked for by them: less to write with every booking and message.
DROP INDEX ix_outbox_due;
CREATE INDEX ix_outbox_due ON outbox (due_at) WHERE state = 'pending';
-- The demo's list walks by time, whatever the branch.
DROP INDEX ix_outbox_branch;
DROP INDEX ix_booking_held;
CREATE INDEX ix_booking_held ON booking (held_until) WHERE state = 'held';
DROP INDEX ix_booking_from;
CREATE INDEX ix_booking_from ON booking (from_ms) WHERE state IN ('booked', 'confirmed');
DROP INDEX ix_allocation_visit_service;
CREATE INDEX ix_allocation_visit_service ON allocation (visit_service_id) WHERE visit_service_id IS NOT NULL;
DROP INDEX ix_session_user;
CREATE INDEX ix_session_user ON session (user_id) WHERE user_id IS NOT NULL;
DROP INDEX ix_session_customer;
CREATE INDEX ix_session_customer ON session (customer_id) WHERE customer_id IS NOT NULL;
