-- When a booking's customer is reminded next, and last. The messages are written when they are due: a booking that is
-- moved or cancelled has none to be taken back, and the outbox holds only what is to be sent now.
ALTER TABLE booking ADD COLUMN remind_at BIGINT NULL;
ALTER TABLE booking ADD COLUMN remind_last BIGINT NULL;
UPDATE booking SET
    remind_at = (SELECT MIN(o.due_at) FROM outbox o WHERE o.booking_id = booking.id AND o.state = 'pending'
        AND o.template IN ('reminder_day', 'reminder_hours')),
    remind_last = (SELECT MIN(o.due_at) FROM outbox o WHERE o.booking_id = booking.id AND o.state = 'pending'
        AND o.template = 'reminder_hours')
WHERE id IN (SELECT booking_id FROM outbox WHERE state = 'pending' AND template IN ('reminder_day', 'reminder_hours'));
UPDATE outbox SET state = 'cancelled' WHERE state = 'pending' AND template IN ('reminder_day', 'reminder_hours');
CREATE INDEX ix_booking_remind ON booking (remind_at) WHERE remind_at IS NOT NULL AND state IN ('booked', 'confirmed');

-- Of a table that grew a moment ago PostgreSQL takes it that most rows are not over and walks this in its order; of those
-- that are pending it would expect few, and sort them all.
DROP INDEX ix_outbox_due;
CREATE INDEX ix_outbox_due ON outbox (due_at) WHERE state NOT IN ('sent', 'dead', 'cancelled');

-- Ids are in the order of time: nothing is looked for by the time itself.
DROP INDEX ix_outbox_at;
DROP INDEX ix_audit_at;
