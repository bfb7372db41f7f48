-- Whether a code to say at the desk is still free on a day is found without looking at the day's bookings.
DROP INDEX ix_booking_day;
CREATE INDEX ix_booking_day ON booking (branch_id, day, state, checkin_code);
