-- The promise wall reads these columns of a year of records; with all of them in the index no row is read besides.
DROP INDEX ix_visit_arrived;
CREATE INDEX ix_visit_promise ON visit (branch_id, arrived_at, ready_at, first_contact_at, planned_ms, started_at);
CREATE INDEX ix_booking_promise ON booking (branch_id, from_ms, state, salon_error);
DROP INDEX ix_response_at;
CREATE INDEX ix_response_promise ON response (branch_id, at, overall, hygiene, privacy);
DROP INDEX ix_visit_service_started;
CREATE INDEX ix_visit_service_promise ON visit_service (branch_id, started_at, state, credential_id);
