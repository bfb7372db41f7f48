//! Beside the checklist: aftercare, calls and their words, how long the re-check stays open.

use super::api;
use crate::{
    tr,
    ui::{FormErrors, FormNote, SubmitButton, TextInput},
};
use domain::{
    Lang,
    care::CarePolicy,
    sop::{AdviceLine, SopPage},
};
use leptos::prelude::*;

/// Settings of re-checks and calls; `service` empty: of the branch.
pub fn policy_form(lang: Lang, service: String, policy: &CarePolicy) -> AnyView {
    let action = ServerAction::<api::SavePolicy>::new();
    let errors = FormErrors::of(lang, move || action.value().get());
    let policy = policy.clone();
    let days = policy.call_days.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    let saved = move || {
        action.value().with(|value| matches!(value, Some(Ok(())))).then(|| {
            view! {
                <p class="small soft" role="status">
                    {tr!(lang, sop.saved)}
                </p>
            }
        })
    };
    view! {
        <ActionForm action attr:class="form">
            <input type="hidden" name="service" value=service/>
            <FormNote errors/>
            <div class="sop-fields">
                <TextInput
                    name="recheck_days"
                    label=tr!(lang, sop.policy.days)
                    hint=tr!(lang, sop.policy.days_hint).to_owned()
                    value=policy.recheck_days.to_string()
                    inputmode="numeric"
                    error=errors.field("recheck_days")
                />
                <TextInput
                    name="recheck_minutes"
                    label=tr!(lang, sop.policy.minutes)
                    value=policy.recheck_minutes.to_string()
                    inputmode="numeric"
                    error=errors.field("recheck_minutes")
                />
                <TextInput
                    name="remind_day"
                    label=tr!(lang, sop.policy.remind)
                    hint=tr!(lang, sop.policy.remind_hint).to_owned()
                    value=policy.remind_day.to_string()
                    inputmode="numeric"
                    error=errors.field("remind_day")
                />
                <TextInput
                    name="call_days"
                    label=tr!(lang, sop.policy.calls)
                    hint=tr!(lang, sop.policy.calls_hint).to_owned()
                    value=days
                    optional=true
                    error=errors.field("call_days")
                />
                <TextInput
                    name="tries"
                    label=tr!(lang, sop.policy.tries)
                    value=policy.tries.to_string()
                    inputmode="numeric"
                    error=errors.field("tries")
                />
            </div>
            {saved}
            <SubmitButton kind="soft" pending=action.pending()>
                {tr!(lang, common.save)}
            </SubmitButton>
        </ActionForm>
    }
    .into_any()
}

/// Two texts side by side. Ids of their own: there are many on the page.
pub fn both(lang: Lang, id: &str, zh: String, en: String) -> AnyView {
    let (zh_id, en_id) = (format!("zh-{id}"), format!("en-{id}"));
    view! {
        <div class="sop-both">
            <div class="field">
                <label for=zh_id.clone()>{tr!(lang, sop.zh)}</label>
                <textarea class="textarea" id=zh_id name="zh" rows="2" maxlength="1000" lang="zh-CN">
                    {zh}
                </textarea>
            </div>
            <div class="field">
                <label for=en_id.clone()>{tr!(lang, sop.en)}</label>
                <textarea class="textarea" id=en_id name="en" rows="2" maxlength="1000" lang="en">
                    {en}
                </textarea>
            </div>
        </div>
    }
    .into_any()
}

/// The library of aftercare of the service.
pub fn advice(lang: Lang, page: &SopPage, action: ServerAction<api::EditAdvice>) -> AnyView {
    let service = page.service.to_string();
    let line = |one: &AdviceLine| {
        let (id, service) = (one.id.to_string(), service.clone());
        let words = both(lang, &id, one.text.zh.clone(), one.text.en.clone());
        view! {
            <li>
                <ActionForm action attr:class="form">
                    <input type="hidden" name="service" value=service/>
                    <input type="hidden" name="advice" value=id/>
                    {words}
                    <div class="btn-group">
                        <SubmitButton kind="soft" name="act" value="save" pending=action.pending()>
                            {tr!(lang, common.save)}
                        </SubmitButton>
                        <SubmitButton kind="danger-quiet" name="act" value="retire" pending=action.pending()>
                            {tr!(lang, sop.advice.retire)}
                        </SubmitButton>
                    </div>
                </ActionForm>
            </li>
        }
    };
    let lines = page.advice.iter().map(line).collect_view();
    view! {
        <section class="card stack" data-gap="4" aria-labelledby="advice-title">
            <div class="card-head">
                <h2 id="advice-title">{tr!(lang, sop.advice.title)}</h2>
                <small>{tr!(lang, sop.advice.note)}</small>
            </div>
            <ul class="sop-advice">{lines}</ul>
            <ActionForm action attr:class="form">
                <input type="hidden" name="service" value=service/>
                <h3>{tr!(lang, sop.advice.new)}</h3>
                {both(lang, "advice", String::new(), String::new())}
                <SubmitButton kind="soft" name="act" value="save" pending=action.pending()>
                    {tr!(lang, sop.advice.add)}
                </SubmitButton>
            </ActionForm>
        </section>
    }
    .into_any()
}

/// The words of each call.
pub fn scripts(lang: Lang, page: &SopPage, action: ServerAction<api::SaveScript>) -> AnyView {
    let service = page.service.to_string();
    let forms = page
        .policy
        .call_days
        .iter()
        .map(|day| {
            let known = page.scripts.iter().find(|(n, _)| n == day).map(|(_, text)| text.clone());
            let text = known.unwrap_or_default();
            let (service, day) = (service.clone(), *day);
            let words = both(lang, &format!("script-{day}"), text.zh, text.en);
            view! {
                <ActionForm action attr:class="form">
                    <input type="hidden" name="service" value=service/>
                    <input type="hidden" name="day" value=day.to_string()/>
                    <h3>{tr!(lang, care.call.day, n = day)}</h3>
                    {words}
                    <SubmitButton kind="soft" pending=action.pending()>
                        {tr!(lang, common.save)}
                    </SubmitButton>
                </ActionForm>
            }
        })
        .collect_view();
    view! {
        <section class="card stack" data-gap="4" aria-labelledby="script-title">
            <div class="card-head">
                <h2 id="script-title">{tr!(lang, sop.script.title)}</h2>
                <small>{tr!(lang, sop.script.note)}</small>
            </div>
            {forms}
        </section>
    }
    .into_any()
}
