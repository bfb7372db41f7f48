//! `/settings/rota`: a week of people × days, how far it covers what is booked, copying, leave (STAFF-5).

use super::{
    api,
    frame::{ManageFrame, Note, Tab, query},
    hours::Field,
    kept,
};
use crate::{
    account::StaffPage,
    lang::use_lang,
    tr, tr_n,
    ui::{Icon, IconName, Opt, SelectInput, SubmitButton, Tag, Tone, format},
};
use chrono::Duration;
use domain::{
    Lang,
    account::StaffMe,
    branch::hours::show_spans,
    staff::{
        CopyForm, Cover, LeaveForm, LeaveKind, LeaveLine, RotaCell, RotaPage as Week, RotaRow, WEEKS_MAX,
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn RotaPage() -> impl IntoView {
    let (all, map) = (query(), use_query_map());
    let data = crate::ui::resource(
        move || (all.get(), map.with(|query| query.get("week").unwrap_or_default())),
        |(_, week)| api::rota(week),
    );
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, page: Week) -> AnyView {
    let lang = use_lang();
    let last = page.week + Duration::days(6);
    let of =
        tr!(lang, manage.rota.week_of, from = format::day(lang, page.week), to = format::day(lang, last));
    let week = page.week;
    let to = move |days: i64| format!("/settings/rota?week={}", week + Duration::days(days));
    view! {
        <ManageFrame me tab=Tab::Rota title=tr!(lang, manage.rota.title)>
            <div class="manage-bar">
                <h2 class="num">{of}</h2>
                <div class="cluster">
                    <a class="btn" href=to(-7)>
                        <Icon name=IconName::ChevL/>
                        {tr!(lang, manage.rota.before)}
                    </a>
                    <a class="btn" href="/settings/rota">
                        {tr!(lang, manage.rota.this)}
                    </a>
                    <a class="btn" href=to(7)>
                        {tr!(lang, manage.rota.after)}
                        <Icon name=IconName::ChevR/>
                    </a>
                </div>
            </div>
            <Grid page=page.clone()/>
            <p class="small muted">{tr!(lang, manage.rota.legend)}</p>
            <div class="manage-two">
                <CopyWeek page=page.clone()/>
                <Leaves page/>
            </div>
        </ManageFrame>
    }
    .into_any()
}

#[component]
fn Grid(page: Week) -> impl IntoView {
    let lang = use_lang();
    let today = page.today;
    let heads = page
        .week
        .iter_days()
        .take(7)
        .map(|day| {
            view! {
                <th scope="col" aria-current=(day == today).then_some("date")>
                    {format::weekday_name(lang, day)} " "
                    <span class="num">{format::day(lang, day)}</span>
                </th>
            }
        })
        .collect_view();
    let rows = page.people.into_iter().map(|person| row(lang, page.week, today, person)).collect_view();
    let covers = page.cover.into_iter().map(|cover| covered(lang, cover)).collect_view();
    view! {
        <div class="card table-wrap" tabindex="0" role="region" aria-label=tr!(lang, manage.rota.title)>
            <table class="table rota">
                <thead>
                    <tr>
                        <th scope="col">{tr!(lang, manage.rota.person)}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{tr!(lang, manage.rota.cover)}</th>
                        {covers}
                    </tr>
                </tfoot>
            </table>
        </div>
    }
}

fn row(lang: Lang, week: chrono::NaiveDate, today: chrono::NaiveDate, person: RotaRow) -> AnyView {
    let name = person.name.get(lang).to_owned();
    let cells = person
        .days
        .into_iter()
        .zip(week.iter_days())
        .map(|(found, day)| {
            let label =
                tr!(lang, manage.rota.edit, name = name.clone(), day = format::day_weekday(lang, day));
            let href = format!("/settings/rota/{}/{day}", person.staff);
            let past = (day < today).then_some("true");
            view! {
                <td data-past=past>
                    <a class="rota-cell" href=href>
                        <span class="sr">{label}</span>
                        {cell(lang, &found)}
                    </a>
                </td>
            }
        })
        .collect_view();
    view! {
        <tr>
            <th scope="row">
                {name.clone()} <small>{person.title.get(lang).to_owned()}</small>
            </th>
            {cells}
        </tr>
    }
    .into_any()
}

fn cell(lang: Lang, cell: &RotaCell) -> AnyView {
    let leave = cell.leave.map(|leave| view! { <Tag tone=Tone::Sand>{leave_name(lang, leave)}</Tag> });
    let times = if cell.shifts.is_empty() {
        view! { <span class="muted">{tr!(lang, manage.rota.off)}</span> }.into_any()
    } else {
        view! { <span class="num">{show_spans(&cell.shifts)}</span> }.into_any()
    };
    let rest = (!cell.breaks.is_empty()).then(|| {
        view! { <small class="num">{tr!(lang, manage.rota.rest, spans = show_spans(&cell.breaks))}</small> }
    });
    let booked = (cell.booked > 0).then(
        || view! { <small class="num">{tr!(lang, manage.rota.booked, n = hours(cell.booked))}</small> },
    );
    view! {
        {leave}
        {times}
        {rest}
        {booked}
    }
    .into_any()
}

/// `7.5`
fn hours(minutes: u32) -> String {
    let tenths = (minutes + 3) / 6;
    if tenths.is_multiple_of(10) {
        (tenths / 10).to_string()
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

fn covered(lang: Lang, cover: Cover) -> AnyView {
    let words = tr!(lang, manage.rota.cover_cell, duty = hours(cover.duty), booked = hours(cover.booked));
    view! {
        <td>
            <span class="num">{tr_n!(lang, manage.rota.cover_people, cover.people)}</span>
            <meter
                class="rota-cover"
                min="0"
                max=cover.duty.max(1).to_string()
                high=(cover.duty * 9 / 10).max(1).to_string()
                value=cover.booked.min(cover.duty).to_string()
                aria-label=words.clone()
            ></meter>
            <small class="num">{words}</small>
        </td>
    }
    .into_any()
}

pub fn leave_name(lang: Lang, kind: LeaveKind) -> &'static str {
    match kind {
        LeaveKind::Holiday => tr!(lang, manage.rota.kinds.holiday),
        LeaveKind::Sick => tr!(lang, manage.rota.kinds.sick),
        LeaveKind::Training => tr!(lang, manage.rota.kinds.training),
        LeaveKind::Personal => tr!(lang, manage.rota.kinds.personal),
        LeaveKind::Other => tr!(lang, manage.rota.kinds.other),
    }
}

fn people(lang: Lang, page: &Week, none: &str) -> Vec<Opt> {
    let mut all = vec![Opt::new("", none)];
    all.extend(page.people.iter().map(|row| Opt::new(row.staff, row.name.get(lang))));
    all
}

#[component]
fn CopyWeek(page: Week) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::CopyWeek>::new();
    let given = CopyForm {
        week: page.week.to_string(),
        weeks: "1".into(),
        stamp: page.stamp.to_string(),
        ..CopyForm::default()
    };
    let (form, errors) = kept::form("copy", given, action);
    let weeks = (1..=WEEKS_MAX).map(|n| Opt::new(n, n.to_string())).collect();
    view! {
        <section class="card stack" aria-labelledby="copy-title">
            <h2 id="copy-title">{tr!(lang, manage.rota.copy)}</h2>
            <p class="small muted">{tr!(lang, manage.rota.copy_note)}</p>
            <ActionForm action attr:class="stack">
                <input type="hidden" name="week" value=form.week/>
                <input type="hidden" name="stamp" value=form.stamp/>
                <div class="manage-fields">
                    <SelectInput
                        name="who"
                        label=tr!(lang, manage.rota.who)
                        options=people(lang, &page, tr!(lang, manage.rota.everybody))
                        value=form.who
                        error=errors.field("who")
                    />
                    <SelectInput
                        name="to"
                        label=tr!(lang, manage.rota.to)
                        options=people(lang, &page, tr!(lang, manage.rota.to_same))
                        value=form.to
                        error=errors.field("to")
                    />
                    <SelectInput
                        name="weeks"
                        label=tr!(lang, manage.rota.weeks)
                        options=weeks
                        value=form.weeks
                        error=errors.field("weeks")
                    />
                </div>
                <Note errors/>
                <SubmitButton kind="plain" pending=action.pending()>
                    {tr!(lang, manage.rota.do_copy)}
                </SubmitButton>
            </ActionForm>
        </section>
    }
}

#[component]
fn Leaves(page: Week) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::SaveLeave>::new();
    let given = LeaveForm {
        from: page.today.to_string(),
        kind: LeaveKind::Holiday.code().into(),
        ..LeaveForm::default()
    };
    let (form, errors) = kept::form("leave", given, action);
    let week = page.week.to_string();
    let options = page
        .people
        .iter()
        .map(|row| Opt::new(format!("{}:{}", row.staff, row.version), row.name.get(lang)))
        .collect();
    let kinds = LeaveKind::ALL.map(|kind| Opt::new(kind.code(), leave_name(lang, kind))).to_vec();
    let list = if page.leave.is_empty() {
        view! { <p class="muted">{tr!(lang, manage.rota.leave_none)}</p> }.into_any()
    } else {
        let rows = page
            .leave
            .into_iter()
            .map(|leave| {
                let week = week.clone();
                view! { <Away leave week/> }
            })
            .collect_view();
        view! { <ul class="manage-list">{rows}</ul> }.into_any()
    };
    view! {
        <section class="card stack" aria-labelledby="leave-title">
            <h2 id="leave-title">{tr!(lang, manage.rota.leave)}</h2>
            {list}
            <ActionForm action attr:class="stack">
                <input type="hidden" name="week" value=week/>
                <div class="manage-fields">
                    <SelectInput
                        name="staff"
                        label=tr!(lang, manage.rota.person)
                        options
                        value=form.staff
                        error=errors.field("staff")
                    />
                    <SelectInput
                        name="kind"
                        label=tr!(lang, manage.rota.kind)
                        options=kinds
                        value=form.kind
                        error=errors.field("kind")
                    />
                    <Field name="from" label=tr!(lang, manage.rota.from) value=form.from kind="date" errors/>
                    <Field name="to" id="leave-to" label=tr!(lang, manage.rota.to_day) value=form.to kind="date" optional=true errors/>
                    <Field name="note" label=tr!(lang, manage.rota.note) value=form.note optional=true errors/>
                </div>
                <Note errors/>
                <SubmitButton kind="plain" pending=action.pending()>
                    {tr!(lang, manage.rota.add_leave)}
                </SubmitButton>
            </ActionForm>
        </section>
    }
}

#[component]
fn Away(leave: LeaveLine, week: String) -> impl IntoView {
    let lang = use_lang();
    let action = ServerAction::<api::DropLeave>::new();
    let (_, errors) = kept::form("drop", (), action);
    let last = (leave.to.wall - Duration::minutes(1)).date();
    let when = if last == leave.from.date() {
        format::day_weekday(lang, last)
    } else {
        tr!(
            lang,
            manage.rota.week_of,
            from = format::day(lang, leave.from.date()),
            to = format::day(lang, last)
        )
    };
    let name = leave.name.get(lang).to_owned();
    let label = format!("{} {name} {when}", tr!(lang, manage.rota.drop_leave));
    view! {
        <li>
            <div class="grow">
                <b>{name}</b>
                <p class="small muted">
                    {leave_name(lang, leave.kind)} " · " <span class="num">{when}</span>
                    {leave.note.map(|note| format!(" · {note}"))}
                </p>
            </div>
            <ActionForm action attr:class="manage-act">
                <input type="hidden" name="staff" value=leave.staff.to_string()/>
                <input type="hidden" name="id" value=leave.id.to_string()/>
                <input type="hidden" name="version" value=leave.version.to_string()/>
                <input type="hidden" name="week" value=week/>
                {move || action.value().get().map(|_| view! { <Note errors/> })}
                <button class="btn" data-size="s" type="submit" aria-label=label>
                    {tr!(lang, manage.rota.drop_leave)}
                </button>
            </ActionForm>
        </li>
    }
}
