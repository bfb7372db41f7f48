//! `/desk/screen`: the links that need no login, for the screen on the wall and the code at the door; new ones revoke the
//! old. `/desk/poster`: the code to print and hang up (DESK-7).

use super::books;
use crate::{
    account::{StaffFrame, StaffPage},
    lang::use_lang,
    tr,
    ui::{Blank, FormErrors, FormNote, Icon, IconName, Qr as QrCode, QrArt, SubmitButton, TopBar, format},
};
use domain::{
    Lang,
    account::StaffMe,
    desk::arrive::{LinkKind, LinkView, LinksPage as Page},
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn LinksPage() -> impl IntoView {
    let data = crate::ui::resource(|| (), |()| books::links());
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, page: Page) -> AnyView {
    view! { <Links me page/> }.into_any()
}

/// Prints the page; without scripts the browser's own menu does.
#[component]
pub fn PrintButton() -> impl IntoView {
    let lang = use_lang();
    view! {
        <button
            class="btn"
            type="button"
            on:click=|_| {
                let _ = window().print();
            }
        >
            <Icon name=IconName::Print/>
            {tr!(lang, books.link.print)}
        </button>
    }
}

#[component]
fn Links(me: StaffMe, page: Page) -> impl IntoView {
    let lang = use_lang();
    let title = tr!(lang, books.link.title);
    let data = RwSignal::new(page);
    let renew = ServerAction::<books::RenewLink>::new();
    super::again(move || renew.version().get(), books::links, data);
    let errors = FormErrors::of(lang, move || renew.value().get());
    let card = move |kind: LinkKind| {
        let link = data.with(|page| match kind {
            LinkKind::Screen => page.screen.clone(),
            LinkKind::Arrive => page.arrive.clone(),
        });
        link_card(lang, kind, link, renew)
    };
    view! {
        <Title text=title/>
        <StaffFrame me>
            <TopBar title back="/desk"/>
            <main class="page" id="main">
                <FormNote errors/>
                <div class="link-grid">
                    {move || card(LinkKind::Screen)}
                    {move || card(LinkKind::Arrive)}
                </div>
            </main>
        </StaffFrame>
    }
}

fn link_card(
    lang: Lang,
    kind: LinkKind,
    link: Option<LinkView>,
    renew: ServerAction<books::RenewLink>,
) -> AnyView {
    let (title, note) = match kind {
        LinkKind::Screen => (tr!(lang, books.link.screen), tr!(lang, books.link.screen_note)),
        LinkKind::Arrive => (tr!(lang, books.link.arrive), tr!(lang, books.link.arrive_note)),
    };
    let in_force = link.is_some();
    let body = match link {
        None => view! { <p class="soft">{tr!(lang, books.link.off)}</p> }.into_any(),
        Some(link) => {
            let since = format!("{} {}", format::day(lang, link.since.date()), link.since.hhmm());
            let open = match kind {
                LinkKind::Screen => view! {
                    <a class="btn" href=link.path.clone() rel="external">
                        {tr!(lang, books.link.open_screen)}
                    </a>
                }
                .into_any(),
                LinkKind::Arrive => view! {
                    <a class="btn" href="/desk/poster">
                        <Icon name=IconName::Print/>
                        {tr!(lang, books.link.poster)}
                    </a>
                }
                .into_any(),
            };
            let art = QrArt::from(link.qr);
            view! {
                <div class="qr-row">
                    <QrCode art what=title/>
                    <div class="stack" data-gap="2">
                        <p class="small muted">{tr!(lang, books.link.since, time = since)}</p>
                        {open}
                    </div>
                </div>
                <label class="stack" data-gap="1">
                    <span class="small muted">{tr!(lang, books.link.address)}</span>
                    <input class="input num" readonly value=link.path/>
                </label>
            }
            .into_any()
        }
    };
    let new = if in_force { tr!(lang, books.link.renew) } else { tr!(lang, books.link.begin) };
    view! {
        <section class="card stack" data-gap="4">
            <div>
                <h2>{title}</h2>
                <p class="small muted">{note}</p>
            </div>
            {body}
            <div class="btn-group">
                <ActionForm action=renew>
                    <input type="hidden" name="kind" value=kind.code()/>
                    <input type="hidden" name="anew" value="true"/>
                    <SubmitButton kind="plain" pending=renew.pending()>
                        <Icon name=IconName::Rotate/>
                        {new}
                    </SubmitButton>
                </ActionForm>
                {in_force
                    .then(|| {
                        view! {
                            <ActionForm action=renew>
                                <input type="hidden" name="kind" value=kind.code()/>
                                <SubmitButton kind="danger-quiet" pending=renew.pending()>
                                    {tr!(lang, books.link.revoke)}
                                </SubmitButton>
                            </ActionForm>
                        }
                    })}
            </div>
        </section>
    }
    .into_any()
}

#[component]
pub fn PosterPage() -> impl IntoView {
    let data = crate::ui::resource(|| (), |()| books::links());
    view! { <StaffPage data view=poster/> }
}

fn poster(me: StaffMe, page: Page) -> AnyView {
    let lang = use_lang();
    let title = tr!(lang, books.link.poster);
    let brand = page.branch.brand.get(lang).to_owned();
    let name = page.branch.name.get(lang).to_owned();
    let body = match page.arrive {
        None => view! {
            <div class="card">
                <Blank title=tr!(lang, books.link.off) text=tr!(lang, books.link.arrive_note)>
                    <a class="btn" href="/desk/screen">
                        {tr!(lang, books.link.begin)}
                    </a>
                </Blank>
            </div>
        }
        .into_any(),
        Some(link) => {
            let art = QrArt::from(link.qr);
            view! {
                <article class="poster">
                    <p class="serif">{brand}</p>
                    <h2 class="serif">{tr!(Lang::Zh, books.link.poster_head)}</h2>
                    <p lang="en">{tr!(Lang::En, books.link.poster_head)}</p>
                    <QrCode art what=tr!(lang, books.link.arrive)/>
                    <ol>
                        <li>
                            {tr!(Lang::Zh, books.link.poster_booked)}
                            <small lang="en">{tr!(Lang::En, books.link.poster_booked)}</small>
                        </li>
                        <li>
                            {tr!(Lang::Zh, books.link.poster_walk_in)}
                            <small lang="en">{tr!(Lang::En, books.link.poster_walk_in)}</small>
                        </li>
                    </ol>
                    <p class="muted">{name}</p>
                </article>
            }
            .into_any()
        }
    };
    view! {
        <Title text=title/>
        <StaffFrame me>
            <TopBar title back="/desk/screen">
                <PrintButton/>
            </TopBar>
            <main class="page" id="main">
                {body}
            </main>
        </StaffFrame>
    }
    .into_any()
}
