-- Whoever takes something of a resource waits for who is just doing so on that day: two that reach for the same time
-- would each wait for the other in the exclusion constraint. The key is reckoned as the program does (`taken::lock`).
CREATE FUNCTION allocation_lock() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    id bytea := uuid_send(NEW.resource_id);
BEGIN
    PERFORM pg_advisory_xact_lock(('x' || encode(substr(id, 1, 8), 'hex'))::bit(64)::bigint
        # ('x' || encode(substr(id, 9, 8), 'hex'))::bit(64)::bigint
        # (floor(NEW.from_ms / 86400000.0)::bigint * 2654435769));
    RETURN NEW;
END $$;
CREATE TRIGGER allocation_lock BEFORE INSERT ON allocation
    FOR EACH ROW WHEN (NEW.active) EXECUTE FUNCTION allocation_lock();
