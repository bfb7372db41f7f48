//! What was used (TREAT-5): products with batch and amount, devices with their settings; last time's in one tap.

use super::{
    api,
    item::{Seat, next_key, shown_in},
    words::{names, settings_text},
};
use crate::{
    tr,
    ui::{FormErrors, FormNote, Icon, IconName, Opt, SelectInput, Status, SubmitButton, TextInput, Tone},
};
use domain::{
    Lang,
    treat::{DeviceChoice, ProductChoice, ServiceState, UsedDevice, UsedProduct, amount},
};
use leptos::prelude::*;

#[component]
pub fn UsedCard(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let unuse = ServerAction::<api::Unuse>::new();
    shown_in(seat.fresh, *unuse);
    let again = ServerAction::<api::SameAgain>::new();
    shown_in(seat.fresh, *again);
    let used = Memo::new(move |_| seat.data.with(|t| (t.chair.products.clone(), t.chair.devices.clone())));
    let last = Memo::new(move |_| seat.data.with(|t| t.chair.last.clone()));
    let runs = Memo::new(move |_| seat.runs());
    let any = move || used.with(|(products, devices)| !products.is_empty() || !devices.is_empty());
    let shown = Memo::new(move |_| {
        let choices = seat.data.with(|t| !t.chair.choices.is_empty() || !t.chair.device_choices.is_empty());
        (seat.runs() && choices) || (any() && seat.state() == ServiceState::Done)
    });
    let errors = FormErrors::of(lang, move || {
        unuse
            .value()
            .get()
            .and_then(Result::err)
            .or_else(|| again.value().get().and_then(Result::err))
            .map(Err::<(), _>)
    });
    let lines = move || {
        let (products, devices) = used.get();
        let runs = runs.get();
        if products.is_empty() && devices.is_empty() {
            return view! { <p class="meta soft">{tr!(lang, chair.used.none)}</p> }.into_any();
        }
        let products = products.into_iter().map(|one| product(seat, unuse, one, runs)).collect_view();
        let devices = devices.into_iter().map(|one| device(seat, unuse, one, runs)).collect_view();
        view! { <ul class="used">{products} {devices}</ul> }.into_any()
    };
    view! {
        <Show when=move || shown.get()>
            <section class="card stack" data-gap="4" aria-labelledby="used-title">
                <div class="card-head">
                    <h2 id="used-title">{tr!(lang, chair.used.title)}</h2>
                </div>
                <FormNote errors/>
                {lines}
                {move || {
                    let what = last.get();
                    (runs.get() && !any() && !what.is_empty())
                        .then(|| {
                            view! {
                                <ActionForm action=again attr:class="stack" attr:data-gap="2">
                                    <input type="hidden" name="item" value=seat.item()/>
                                    <SubmitButton kind="soft" wide=true pending=again.pending()>
                                        <Icon name=IconName::History/>
                                        {tr!(lang, chair.used.again)}
                                    </SubmitButton>
                                    <p class="small muted">
                                        {tr!(lang, chair.used.again_what, what = names(lang, what.iter()))}
                                    </p>
                                </ActionForm>
                            }
                        })
                }}
                <Show when=move || runs.get()>
                    <AddProduct seat/>
                    <AddDevices seat/>
                </Show>
            </section>
        </Show>
    }
}

fn remove(seat: Seat, unuse: ServerAction<api::Unuse>, id: String, name: &str) -> AnyView {
    let label = format!("{}: {name}", tr!(seat.lang, chair.used.remove));
    view! {
        <ActionForm action=unuse>
            <input type="hidden" name="item" value=seat.item()/>
            <input type="hidden" name="used" value=id/>
            <button class="btn" type="submit" data-shape="icon" aria-label=label>
                <Icon name=IconName::X/>
            </button>
        </ActionForm>
    }
    .into_any()
}

fn product(seat: Seat, unuse: ServerAction<api::Unuse>, one: UsedProduct, runs: bool) -> AnyView {
    let lang = seat.lang;
    let name = one.name.get(lang).to_owned();
    let line = tr!(
        lang,
        chair.used.line,
        batch = one.batch.clone(),
        amount = amount(one.amount),
        unit = one.unit.get(lang).to_owned()
    );
    let despite = one.despite.clone().map(|reason| {
        view! {
            <Status tone=Tone::Warn icon=IconName::Alert small=true>
                {tr!(lang, chair.used.despite, reason = reason)}
            </Status>
        }
    });
    view! {
        <li>
            <span>
                <b>{name.clone()}</b>
                <small class="num">{line}</small>
                {despite}
            </span>
            {runs.then(|| remove(seat, unuse, one.id.to_string(), &name))}
        </li>
    }
    .into_any()
}

fn device(seat: Seat, unuse: ServerAction<api::Unuse>, one: UsedDevice, runs: bool) -> AnyView {
    let lang = seat.lang;
    let name = one.name.get(lang).to_owned();
    view! {
        <li>
            <span>
                <b>{name.clone()}</b>
                <small class="num">{settings_text(lang, &one.settings)}</small>
            </span>
            {runs.then(|| remove(seat, unuse, one.id.to_string(), &name))}
        </li>
    }
    .into_any()
}

/// As the list names it: with what the customer is allergic to, or with the batch now in use.
fn choice(lang: Lang, one: &ProductChoice) -> Opt {
    let name = one.name.get(lang).to_owned();
    let text = match (one.against.is_empty(), &one.batch) {
        (false, _) => tr!(lang, chair.used.contains, name = name, what = names(lang, one.against.iter())),
        (true, Some(batch)) => tr!(lang, chair.used.with_batch, name = name, batch = batch.clone()),
        (true, None) => name,
    };
    Opt::new(one.id, text)
}

#[component]
fn AddProduct(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let action = ServerAction::<api::UseProduct>::new();
    shown_in(seat.fresh, *action);
    let key = next_key(*action);
    let errors = FormErrors::of(lang, move || action.value().get());
    let failed = move || action.value().with(|value| matches!(value, Some(Err(_))));
    let choices = seat.data.with_untracked(|t| t.chair.choices.clone());
    let against = choices.iter().any(|one| !one.against.is_empty());
    let batches =
        choices.iter().filter_map(|one| one.batch.clone()).collect::<std::collections::BTreeSet<_>>();
    let options = std::iter::once(Opt::new("", tr!(lang, chair.used.pick)))
        .chain(choices.iter().map(|one| choice(lang, one)));
    let options: Vec<Opt> = options.collect();
    (!choices.is_empty()).then(|| {
        view! {
            <details class="fold" open=failed>
                <summary>
                    {tr!(lang, chair.used.add)} <Icon name=IconName::ChevD/>
                </summary>
                <ActionForm action attr:class="form">
                    <input type="hidden" name="item" value=seat.item()/>
                    <input type="hidden" name="key" value=move || key.get()/>
                    <FormNote errors/>
                    <SelectInput
                        name="product"
                        label=tr!(lang, chair.used.product)
                        options
                        error=errors.field("product")
                    />
                    <div class="field">
                        <label for="batch">{tr!(lang, chair.used.batch)}</label>
                        <input
                            class="input"
                            id="batch"
                            name="batch"
                            list="batches"
                            maxlength="40"
                            autocomplete="off"
                            aria-required="true"
                            aria-invalid=move || errors.field("batch").get().is_some().then_some("true")
                        />
                        <datalist id="batches">
                            {batches.into_iter().map(|batch| view! { <option value=batch></option> }).collect_view()}
                        </datalist>
                        {move || errors.field("batch").get().map(|text| view! { <p class="error">{text}</p> })}
                    </div>
                    <TextInput
                        name="amount"
                        label=tr!(lang, chair.used.amount)
                        hint=tr!(lang, chair.used.amount_hint)
                        inputmode="decimal"
                        maxlength=10
                        error=errors.field("amount")
                    />
                    {against
                        .then(|| {
                            view! {
                                <TextInput
                                    name="despite"
                                    label=tr!(lang, chair.used.why)
                                    maxlength=200
                                    optional=true
                                    error=errors.field("despite")
                                />
                            }
                        })}
                    <SubmitButton kind="soft" wide=true pending=action.pending()>
                        {tr!(lang, chair.used.save)}
                    </SubmitButton>
                </ActionForm>
            </details>
        }
    })
}

#[component]
fn AddDevices(seat: Seat) -> impl IntoView {
    let lang = seat.lang;
    let action = ServerAction::<api::UseDevice>::new();
    shown_in(seat.fresh, *action);
    let key = next_key(*action);
    let errors = FormErrors::of(lang, move || action.value().get());
    let choices = seat.data.with_untracked(|t| t.chair.device_choices.clone());
    choices.into_iter().map(|one| settings(seat, action, key, errors, one)).collect_view()
}

/// The settings of one device.
fn settings(
    seat: Seat,
    action: ServerAction<api::UseDevice>,
    key: RwSignal<String>,
    errors: FormErrors,
    one: DeviceChoice,
) -> AnyView {
    let lang = seat.lang;
    let device = one.id.to_string();
    let fields = one
        .settings
        .iter()
        .enumerate()
        .map(|(i, field)| {
            let id = format!("{device}-{}", field.code);
            let label = match field.unit.as_str() {
                "" => field.name.get(lang).to_owned(),
                unit => format!("{} ({unit})", field.name.get(lang)),
            };
            let mode = if field.number { "decimal" } else { "text" };
            view! {
                <input type="hidden" name=format!("settings[{i}][code]") value=field.code.clone()/>
                <TextInput
                    name=format!("settings[{i}][value]")
                    id=id
                    label=label
                    inputmode=mode
                    maxlength=40
                    optional=true
                />
            }
        })
        .collect_view();
    view! {
        <details class="fold">
            <summary>
                {tr!(lang, chair.used.device)} " · " {one.name.get(lang).to_owned()} <Icon name=IconName::ChevD/>
            </summary>
            <ActionForm action attr:class="form">
                <input type="hidden" name="item" value=seat.item()/>
                <input type="hidden" name="device" value=device.clone()/>
                <input type="hidden" name="key" value=move || key.get()/>
                <FormNote errors/>
                {move || errors.field("settings").get().map(|text| view! { <p class="error">{text}</p> })}
                <div class="settings-grid">{fields}</div>
                <SubmitButton kind="soft" wide=true pending=action.pending()>
                    {tr!(lang, chair.used.device_save)}
                </SubmitButton>
            </ActionForm>
        </details>
    }
    .into_any()
}
