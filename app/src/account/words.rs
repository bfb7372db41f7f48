//! Words for what this area's enums say.

use crate::tr;
use domain::{Lang, Role};

/// `前台`, `Front desk`.
#[must_use]
pub fn role_name(lang: Lang, role: Role) -> &'static str {
    match role {
        Role::Receptionist => tr!(lang, account.role.receptionist),
        Role::Consultant => tr!(lang, account.role.consultant),
        Role::Beautician => tr!(lang, account.role.beautician),
        Role::Technician => tr!(lang, account.role.technician),
        Role::ServiceLead => tr!(lang, account.role.service_lead),
        Role::TechnicalLead => tr!(lang, account.role.technical_lead),
        Role::FinanceLead => tr!(lang, account.role.finance_lead),
        Role::Manager => tr!(lang, account.role.manager),
        Role::Supervisor => tr!(lang, account.role.supervisor),
        Role::Owner => tr!(lang, account.role.owner),
    }
}
