//! `/desk/bands`: wristbands and lockers of a bathhouse (DESK-8). Those that should be back first.

use super::{books, done_once};
use crate::{
    account::{StaffFrame, StaffPage, may},
    lang::use_lang,
    tr,
    ui::{
        Blank, Field, FormErrors, FormNote, IconName, Opt, Seg, SelectInput, Status, SubmitButton, TextInput,
        Tone, TopBar,
        fields::described,
        fresh::{Fresh, LiveMark, use_clock},
    },
};
use domain::{
    Lang,
    account::StaffMe,
    desk::band::{BandKind, BandLine, BandsPage as Page},
    permission::Action,
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn BandsPage() -> impl IntoView {
    let data = crate::ui::resource(|| (), |()| books::bands_page());
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, page: Page) -> AnyView {
    view! { <Bands me page/> }.into_any()
}

#[derive(Clone, Copy)]
struct Acts {
    give: ServerAction<books::GiveBand>,
    back: ServerAction<books::BandBack>,
    found: ServerAction<books::BandFound>,
    register: ServerAction<books::RegisterBands>,
}

#[component]
fn Bands(me: StaffMe, page: Page) -> impl IntoView {
    let lang = use_lang();
    let title = tr!(lang, books.band.title);
    let fresh = Fresh::new(page);
    let data = fresh.data();
    let state = fresh.keep(format!("/live/branch/{}?topic=board", me.branch), books::bands_page);
    let clock = use_clock(Signal::derive(move || data.with(|page| page.branch.now)));
    let acts = Acts {
        give: ServerAction::new(),
        back: ServerAction::new(),
        found: ServerAction::new(),
        register: ServerAction::new(),
    };
    Effect::new(move |before: Option<usize>| {
        let answered = acts.give.version().get()
            + acts.back.version().get()
            + acts.found.version().get()
            + acts.register.version().get();
        if before.is_some_and(|before| before != answered) {
            fresh.ask(books::bands_page());
        }
        answered
    });
    let set_up = may(&me, Action::SetUpDesk);
    let errors = FormErrors::of(lang, move || acts.back.value().get());
    let count = move || {
        data.with(|page| {
            tr!(
                lang,
                books.band.count,
                out = page.out.len(),
                bands = page.bands_all,
                lockers = page.lockers_all
            )
        })
    };
    let has_any = move || data.with(|page| page.bands_all > 0);
    view! {
        <Title text=title/>
        <StaffFrame me>
            <TopBar title back="/desk">
                <LiveMark state clock/>
            </TopBar>
            <main class="page" id="main">
                <div class="two-sides">
                    <section class="stack" data-gap="4" aria-labelledby="out-title">
                        <div class="card-head">
                            <h2 id="out-title">{tr!(lang, books.band.out)}</h2>
                            <small class="num">{count}</small>
                        </div>
                        <FormNote errors/>
                        {move || list(lang, data.with(|page| page.out.clone()), acts)}
                        {move || lost(lang, data.with(|page| page.lost.clone()), acts)}
                    </section>
                    <div class="stack" data-gap="5">
                        <Show when=has_any>
                            <Give acts data/>
                        </Show>
                        {set_up.then(|| view! { <Register acts/> })}
                    </div>
                </div>
            </main>
        </StaffFrame>
    }
}

fn list(lang: Lang, lines: Vec<BandLine>, acts: Acts) -> AnyView {
    if lines.is_empty() {
        let (title, text) = (tr!(lang, books.band.none), tr!(lang, books.band.none_text));
        return view! { <div class="card"><Blank title text/></div> }.into_any();
    }
    let rows = lines.into_iter().map(|line| card(lang, line, acts)).collect_view();
    view! { <ul class="band-grid">{rows}</ul> }.into_any()
}

fn card(lang: Lang, line: BandLine, acts: Acts) -> AnyView {
    let (tone, icon, text) = match (line.over, line.left) {
        (true, _) => (Tone::Stop, IconName::Stop, tr!(lang, books.band.over, time = line.due.hhmm())),
        (false, true) => (Tone::Warn, IconName::Alert, tr!(lang, books.band.visit_over).to_owned()),
        (false, false) => (Tone::Brand, IconName::Clock, tr!(lang, books.band.until, time = line.due.hhmm())),
    };
    let services = line.services.iter().map(|name| name.get(lang)).collect::<Vec<_>>().join(" + ");
    let place = [
        line.locker.as_ref().map(|label| tr!(lang, books.band.locker_n, n = label.clone())),
        line.room.as_ref().map(|room| room.get(lang).to_owned()),
    ];
    let place = place.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let (id, version) = (line.id.to_string(), line.version.to_string());
    let (lost_id, lost_version) = (id.clone(), version.clone());
    let pending = acts.back.pending();
    view! {
        <li class="q" data-tone=line.over.then_some("stop")>
            <div class="q-top">
                <b class="band-no num">{line.band.clone()}</b>
                <div>
                    <p class="q-name">
                        <b>{line.name}</b>
                        <span class="tag num">{line.ticket}</span>
                    </p>
                    <p class="q-line">{place}</p>
                </div>
            </div>
            <p class="q-line">
                <span>{services} " · " <span class="num">{line.total.yuan()}</span></span>
            </p>
            <p class="q-line">
                <Status tone icon small=true>
                    {text}
                </Status>
            </p>
            <div class="q-acts">
                <ActionForm action=acts.back attr:class="act">
                    <input type="hidden" name="out" value=id/>
                    <input type="hidden" name="version" value=version/>
                    <SubmitButton kind="soft" size="s" pending>
                        {tr!(lang, books.band.back)}
                    </SubmitButton>
                </ActionForm>
                <span class="grow"></span>
                <ActionForm action=acts.back attr:class="act">
                    <input type="hidden" name="out" value=lost_id/>
                    <input type="hidden" name="version" value=lost_version/>
                    <input type="hidden" name="lost" value="true"/>
                    <SubmitButton kind="danger-quiet" size="s" pending>
                        {tr!(lang, books.band.lost)}
                    </SubmitButton>
                </ActionForm>
            </div>
        </li>
    }
    .into_any()
}

/// Lost ones, to be found again.
fn lost(lang: Lang, labels: Vec<String>, acts: Acts) -> AnyView {
    if labels.is_empty() {
        return ().into_any();
    }
    let rows = labels
        .into_iter()
        .map(|label| {
            view! {
                <li class="row">
                    <span class="row-main num">{label.clone()}</span>
                    <ActionForm action=acts.found attr:class="act">
                        <input type="hidden" name="band" value=label/>
                        <SubmitButton kind="plain" size="s" pending=acts.found.pending()>
                            {tr!(lang, books.band.found)}
                        </SubmitButton>
                    </ActionForm>
                </li>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="lost-title">
            <h2 id="lost-title" class="mb-4">
                {tr!(lang, books.band.lost_ones)}
            </h2>
            <ul class="rows">{rows}</ul>
        </section>
    }
    .into_any()
}

#[component]
fn Give(acts: Acts, data: RwSignal<Page>) -> impl IntoView {
    let lang = use_lang();
    let action = acts.give;
    let errors = FormErrors::of(lang, move || action.value().get());
    let key = done_once(action, "#band-form");
    let first = key.get_untracked();
    let list = |free: &[String]| free.iter().take(4).cloned().collect::<Vec<_>>().join(" ");
    let bands = move || tr!(lang, books.band.free, list = data.with(|page| list(&page.bands)));
    let lockers = move || tr!(lang, books.band.free, list = data.with(|page| list(&page.lockers)));
    let (visit_error, band_error, locker_error) =
        (errors.field("visit"), errors.field("band"), errors.field("locker"));
    let rooms = std::iter::once(Opt::new("", tr!(lang, books.band.no_room)))
        .chain(data.with_untracked(|page| {
            page.rooms.iter().map(|(id, name)| Opt::new(id, name.get(lang))).collect::<Vec<_>>()
        }))
        .collect();
    // Single fields follow what others do; what is being typed stays.
    let form = view! {
        <Field id="visit" label=tr!(lang, books.band.visit) error=visit_error>
            <select class="select" id="visit" name="visit" aria-describedby=described("visit", false, visit_error)>
                <option value="">{tr!(lang, books.band.choose_visit)}</option>
                <For each=move || data.with(|page| page.visits.clone()) key=|visit| visit.0 let:visit>
                    <option value=visit.0.to_string()>{format!("{} {}", visit.1, visit.2)}</option>
                </For>
            </select>
        </Field>
        <Field id="band" label=tr!(lang, books.band.band) error=band_error>
            <input
                class="input num"
                id="band"
                name="band"
                maxlength="8"
                autocomplete="off"
                value=move || data.with(|page| page.bands.first().cloned())
                aria-describedby=described("band", false, band_error)
            />
            <p class="hint num">{bands}</p>
        </Field>
        <Field id="locker" label=tr!(lang, books.band.locker) error=locker_error optional=true>
            <input
                class="input num"
                id="locker"
                name="locker"
                maxlength="8"
                autocomplete="off"
                value=move || data.with(|page| page.lockers.first().cloned())
                aria-describedby=described("locker", false, locker_error)
            />
            <p class="hint num">{lockers}</p>
        </Field>
        <SelectInput name="room" label=tr!(lang, books.band.room) options=rooms optional=true error=errors.field("room")/>
    };
    view! {
        <section class="card" aria-labelledby="give-title">
            <h2 id="give-title" class="mb-4">
                {tr!(lang, books.band.give)}
            </h2>
            <ActionForm action attr:class="form" attr:id="band-form">
                <input type="hidden" name="key" value=first prop:value=move || key.get()/>
                <FormNote errors/>
                {form}
                <SubmitButton wide=true pending=action.pending()>{tr!(lang, books.band.give_act)}</SubmitButton>
            </ActionForm>
        </section>
    }
}

#[component]
fn Register(acts: Acts) -> impl IntoView {
    let lang = use_lang();
    let action = acts.register;
    let errors = FormErrors::of(lang, move || action.value().get());
    let kinds = vec![
        Opt::new(BandKind::Band.code(), tr!(lang, books.band.bands)),
        Opt::new(BandKind::Locker.code(), tr!(lang, books.band.lockers)),
    ];
    view! {
        <section class="card" aria-labelledby="register-title">
            <h2 id="register-title">{tr!(lang, books.band.register)}</h2>
            <p class="small muted mb-4">{tr!(lang, books.band.register_note)}</p>
            <ActionForm action attr:class="form">
                <FormNote errors/>
                <Seg name="kind" label=tr!(lang, books.band.kind) options=kinds value=BandKind::Band.code() wide=true/>
                <TextInput
                    name="prefix"
                    label=tr!(lang, books.band.prefix)
                    maxlength=3
                    optional=true
                    autocomplete="off"
                    error=errors.field("prefix")
                />
                <div class="two-fields">
                    <TextInput
                        name="from"
                        label=tr!(lang, books.band.from)
                        inputmode="numeric"
                        maxlength=4
                        error=errors.field("from")
                    />
                    <TextInput
                        name="to"
                        label=tr!(lang, books.band.to)
                        inputmode="numeric"
                        maxlength=4
                        error=errors.field("to")
                    />
                </div>
                <SubmitButton kind="plain" wide=true pending=action.pending()>
                    {tr!(lang, books.band.register_act)}
                </SubmitButton>
            </ActionForm>
        </section>
    }
}
