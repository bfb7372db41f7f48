//! The wall of promises and the records behind it (KPI).
