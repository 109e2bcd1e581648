"""Triggers of revision 0001: whatever program or person writes, who is left out of a concern gets
no wrap of its key, and loses one they had.

A later revision that changes them brings its own: these stay as they are.
"""

from __future__ import annotations

_REFUSE = """
    WHEN EXISTS (
        SELECT 1 FROM exclusions
        WHERE concern_id = NEW.concern_id AND staff_id = NEW.reader_id
    )
    BEGIN SELECT RAISE(ABORT, 'this reader is left out of this concern'); END
"""

SQLITE_TRIGGERS = (
    "CREATE TRIGGER wraps_refuse_excluded_insert BEFORE INSERT ON wraps" + _REFUSE,
    "CREATE TRIGGER wraps_refuse_excluded_update BEFORE UPDATE ON wraps" + _REFUSE,
    """
    CREATE TRIGGER exclusions_take_wrap AFTER INSERT ON exclusions
    BEGIN DELETE FROM wraps WHERE concern_id = NEW.concern_id AND reader_id = NEW.staff_id; END
    """,
)

POSTGRESQL_TRIGGERS = (
    """
    CREATE FUNCTION wraps_refuse_excluded() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT 1 FROM exclusions
            WHERE concern_id = NEW.concern_id AND staff_id = NEW.reader_id
        ) THEN
            RAISE EXCEPTION 'this reader is left out of this concern'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER wraps_refuse_excluded BEFORE INSERT OR UPDATE ON wraps
    FOR EACH ROW EXECUTE FUNCTION wraps_refuse_excluded()
    """,
    """
    CREATE FUNCTION exclusions_take_wrap() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM wraps WHERE concern_id = NEW.concern_id AND reader_id = NEW.staff_id;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER exclusions_take_wrap AFTER INSERT ON exclusions
    FOR EACH ROW EXECUTE FUNCTION exclusions_take_wrap()
    """,
)
