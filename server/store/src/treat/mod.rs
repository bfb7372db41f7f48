//! At the chair: the day list, the checklist, the record (TREAT).
