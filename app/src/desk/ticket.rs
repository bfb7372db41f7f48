//! The ticket handed to a walk-in: number, estimate, and the queue on the customer's phone.

use crate::{
    lang::use_lang,
    tr, tr_n,
    ui::{Icon, IconName, Qr as QrCode, QrArt, Slip, format},
};
use domain::{booking::Qr, desk::QueueView};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn Ticket(queue: QueueView, qr: Qr) -> impl IntoView {
    let lang = use_lang();
    let services: Vec<&str> = queue.services.iter().map(|name| name.get(lang)).collect();
    let services = services.join(" + ");
    let place = match queue.place {
        0 => tr!(lang, desk.ticket.called).to_owned(),
        1 => tr!(lang, desk.ticket.next).to_owned(),
        place => tr_n!(lang, desk.ticket.before, place - 1),
    };
    let estimate = match (queue.place, queue.estimate) {
        (0, _) => String::new(),
        (_, Some(0)) => tr!(lang, desk.ticket.now).to_owned(),
        (_, Some(minutes)) => tr!(lang, desk.ticket.estimate, span = format::span(lang, minutes)),
        (_, None) => tr!(lang, desk.ticket.nobody).to_owned(),
    };
    // For who has no camera at hand: the same page as the code leads to.
    let link =
        format!("/q/{}", use_query_map().with_untracked(|query| query.get("ticket").unwrap_or_default()));
    let art = QrArt::from(qr);
    let drawn = art.size > 0;
    let foot = move || {
        view! {
            <div class="qr-row">
                {drawn.then(|| view! { <QrCode art=art.clone() what=tr!(lang, desk.ticket.qr)/> })}
                <div>
                    <p class="soft meta">{tr!(lang, desk.ticket.scan)}</p>
                    <a class="more" href=link.clone()>
                        {tr!(lang, desk.ticket.open)}
                        <Icon name=IconName::ChevR/>
                    </a>
                </div>
            </div>
        }
    };
    view! {
        <div class="ticket-page">
            <Slip label=tr!(lang, desk.ticket.label, ticket = queue.ticket.clone()) foot>
                <p class="slip-eyebrow">
                    <span>{tr!(lang, desk.ticket.title)}</span>
                    <time class="muted" datetime=queue.branch.now.iso()>
                        {queue.branch.now.hhmm()}
                    </time>
                </p>
                <p class="slip-time">{queue.ticket.clone()}</p>
                <h2 class="slip-title">{services}</h2>
                <p class="slip-sub">{place} " · " {estimate}</p>
            </Slip>
            <div class="btn-group" data-fill="">
                <a class="btn" data-kind="primary" data-size="l" href="/desk" autofocus>
                    {tr!(lang, desk.ticket.to_board)}
                </a>
                <a class="btn" data-size="l" href="/desk/walk-in">
                    <Icon name=IconName::UserPlus/>
                    {tr!(lang, desk.ticket.another)}
                </a>
            </div>
        </div>
    }
}
