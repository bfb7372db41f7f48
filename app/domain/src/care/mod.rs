//! After the service (CARE): the free re-check, the calls of the days after, and the settings of both.

mod call;
mod policy;
mod recheck;

pub use call::*;
pub use policy::*;
pub use recheck::*;
