//! Checklists of services, their versions, the library of aftercare, and how services are followed up.

pub mod api;
mod editor;
mod list;
mod side;

pub use editor::SopEditor;
pub use list::SopList;
