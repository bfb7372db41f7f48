-- As before, whoever takes something of a resource waits for who is just doing so on that day, but reckoned by one function of
-- the database, for the program too (`Tx::lock`). An expression is evaluated as it is; PERFORM would be a query.
CREATE OR REPLACE FUNCTION allocation_lock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_advisory_xact_lock(uuid_hash_extended(NEW.resource_id, NEW.from_ms / 86400000)) IS NULL THEN
        RAISE EXCEPTION 'no lock';
    END IF;
    RETURN NEW;
END $$;
