//! `/outbox`: messages as they would arrive, so that codes and links can be tried (demo mode only).

use super::api;
use crate::{
    account::{StaffFrame, StaffPage},
    lang::use_lang,
    tr,
    ui::{Banner, Blank, Glyph, Icon, IconName, Pager, Status, Tone, TopBar, fresh::Fresh},
};
use domain::{
    Lang, Page,
    account::StaffMe,
    notify::{Channel, MessageState, MessageView, Template},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[component]
pub fn OutboxPage() -> impl IntoView {
    let query = use_query_map();
    let after = Memo::new(move |_| query.with(|query| query.get("after")));
    let data = crate::ui::resource(
        move || after.get(),
        |after| async move { api::outbox(after.clone()).await.map(|page| (after, page)) },
    );
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, (after, page): (Option<String>, Page<MessageView>)) -> AnyView {
    view! { <Outbox me after page/> }.into_any()
}

#[component]
fn Outbox(me: StaffMe, after: Option<String>, page: Page<MessageView>) -> impl IntoView {
    let lang = use_lang();
    let title = tr!(lang, wall.outbox.title);
    let first = after.is_none();
    let fresh = Fresh::new(page);
    let data = fresh.data();
    if first {
        fresh.keep(format!("/live/branch/{}", me.branch), || api::outbox(None));
    }
    let list = move || {
        let items = data.with(|page| page.items.clone());
        if items.is_empty() {
            return view! {
                <div class="card">
                    <Blank title=tr!(lang, wall.outbox.none) text=tr!(lang, wall.outbox.none_text)/>
                </div>
            }
            .into_any();
        }
        let items = items.into_iter().map(|message| item(lang, message)).collect_view();
        view! { <ul class="messages">{items}</ul> }.into_any()
    };
    view! {
        <Title text=title/>
        <StaffFrame me>
            <TopBar title/>
            <main class="page" id="main">
                <div class="mb-4">
                    <Banner tone=Tone::Sand icon=IconName::Info>
                        {tr!(lang, wall.outbox.note)}
                    </Banner>
                </div>
                {list}
                {move || view! { <Pager href="/outbox" next=data.with(|page| page.next.clone())/> }}
            </main>
        </StaffFrame>
    }
}

fn channel(lang: Lang, channel: Channel) -> (IconName, &'static str) {
    match channel {
        Channel::Sms => (IconName::Chat, tr!(lang, wall.outbox.sms)),
        Channel::Wechat => (IconName::Send, tr!(lang, wall.outbox.wechat)),
        Channel::Email => (IconName::Send, tr!(lang, wall.outbox.email)),
    }
}

fn template(lang: Lang, template: Template) -> &'static str {
    match template {
        Template::Code => tr!(lang, wall.outbox.template.code),
        Template::BookingConfirmed => tr!(lang, wall.outbox.template.booking_confirmed),
        Template::BookingMoved => tr!(lang, wall.outbox.template.booking_moved),
        Template::BookingCancelled => tr!(lang, wall.outbox.template.booking_cancelled),
        Template::ReminderDay => tr!(lang, wall.outbox.template.reminder_day),
        Template::ReminderHours => tr!(lang, wall.outbox.template.reminder_hours),
        Template::WaitJoined => tr!(lang, wall.outbox.template.wait_joined),
        Template::WaitOffer => tr!(lang, wall.outbox.template.wait_offer),
        Template::SeriesTimes => tr!(lang, wall.outbox.template.series_times),
        Template::QueueTicket => tr!(lang, wall.outbox.template.queue_ticket),
        Template::Aftercare => tr!(lang, wall.outbox.template.aftercare),
        Template::Rate => tr!(lang, wall.outbox.template.rate),
        Template::LowScore => tr!(lang, wall.outbox.template.low_score),
        Template::RecheckOpen => tr!(lang, wall.outbox.template.recheck_open),
        Template::RecheckEnds => tr!(lang, wall.outbox.template.recheck_ends),
        Template::Incident => tr!(lang, wall.outbox.template.incident),
    }
}

fn state(lang: Lang, state: MessageState) -> (Tone, IconName, &'static str) {
    match state {
        MessageState::Pending => (Tone::Idle, IconName::Clock, tr!(lang, wall.outbox.pending)),
        MessageState::Sent => (Tone::Ok, IconName::CheckCircle, tr!(lang, wall.outbox.sent)),
        MessageState::Dead => (Tone::Stop, IconName::XCircle, tr!(lang, wall.outbox.dead)),
        MessageState::Cancelled => (Tone::Idle, IconName::Slash, tr!(lang, wall.outbox.cancelled)),
    }
}

fn item(lang: Lang, message: MessageView) -> AnyView {
    let (glyph, by) = channel(lang, message.channel);
    let (tone, icon, word) = state(lang, message.state);
    let at = message.sent.unwrap_or(message.due);
    let when = format!("{} {}", crate::ui::format::day(lang, at.date()), at.hhmm());
    view! {
        <li class="card message">
            <Glyph icon=glyph tone=Tone::Brand/>
            <div class="grow stack" data-gap="1">
                <p class="cluster" data-between="">
                    <b>{template(lang, message.template)}</b>
                    <Status tone icon small=true>
                        {word}
                    </Status>
                </p>
                <p class="small muted num">{by} " · " {message.to} " · " {when}</p>
                <p class="pre-line" lang=message.lang.tag()>
                    {message.text}
                </p>
                {message
                    .link
                    .map(|href| {
                        view! {
                            <p>
                                <a class="more" href=href>
                                    {tr!(lang, wall.outbox.open)}
                                    <Icon name=IconName::ChevR/>
                                </a>
                            </p>
                        }
                    })}
            </div>
        </li>
    }
    .into_any()
}
