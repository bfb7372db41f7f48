//! 话术 (DESK-10): one tap away on the board, the whole library at `/desk/scripts`, where the manager writes it.

use super::{acts::Pop, books};
use crate::{
    account::{StaffFrame, StaffPage, may},
    lang::use_lang,
    tr,
    ui::{
        Blank, FormErrors, FormNote, Icon, IconName, More, Opt, SelectInput, SubmitButton, TextArea,
        TextInput, TopBar,
    },
};
use domain::{
    Lang,
    account::StaffMe,
    desk::script::{Moment, ScriptView},
    permission::Action,
};
use leptos::prelude::*;
use leptos_meta::Title;

#[must_use]
pub fn moment_name(lang: Lang, moment: Moment) -> &'static str {
    match moment {
        Moment::Telephone => tr!(lang, books.script.telephone),
        Moment::Greeting => tr!(lang, books.script.greeting),
        Moment::Waiting => tr!(lang, books.script.waiting),
        Moment::Farewell => tr!(lang, books.script.farewell),
    }
}

/// What to say, over whatever page it opens on. `only` shows one moment's.
#[component]
pub fn ScriptsPop(#[prop(optional)] only: Option<Moment>) -> impl IntoView {
    let lang = use_lang();
    let scripts = crate::ui::resource(|| (), |()| books::scripts());
    let list = move || {
        scripts.get().and_then(Result::ok).map(|scripts| {
            let moments = Moment::ALL.into_iter().filter(|moment| only.is_none_or(|only| only == *moment));
            moments.map(|moment| section(lang, moment, &scripts)).collect_view()
        })
    };
    view! {
        <span class="scripts-pop">
            <Pop
                summary=move || {
                    view! {
                        <Icon name=IconName::Chat/>
                        {tr!(lang, books.script.short)}
                    }
                }
                end=true
            >
                <Transition>{list}</Transition>
                <p class="menu-head">
                    <More href="/desk/scripts">{tr!(lang, books.script.all)}</More>
                </p>
            </Pop>
        </span>
    }
}

fn section(lang: Lang, moment: Moment, scripts: &[ScriptView]) -> AnyView {
    let own: Vec<ScriptView> = scripts.iter().filter(|script| script.moment == moment).cloned().collect();
    if own.is_empty() {
        return ().into_any();
    }
    let items = own
        .into_iter()
        .map(|script| {
            view! {
                <li>
                    <b class="small">{script.title.get(lang).to_owned()}</b>
                    <p class="pre-line">{script.text.get(lang).to_owned()}</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="say" name="say">
            <summary>{moment_name(lang, moment)}</summary>
            <ul>{items}</ul>
        </details>
    }
    .into_any()
}

#[component]
pub fn ScriptsPage() -> impl IntoView {
    let data = crate::ui::resource(|| (), |()| books::scripts());
    view! { <StaffPage data view=show/> }
}

fn show(me: StaffMe, scripts: Vec<ScriptView>) -> AnyView {
    view! { <Library me scripts/> }.into_any()
}

#[derive(Clone, Copy)]
struct Writing {
    lang: Lang,
    edits: bool,
    save: ServerAction<books::SaveScript>,
    data: RwSignal<Vec<ScriptView>>,
}

#[component]
fn Library(me: StaffMe, scripts: Vec<ScriptView>) -> impl IntoView {
    let lang = use_lang();
    let title = tr!(lang, books.script.title);
    let data = RwSignal::new(scripts);
    let edits = may(&me, Action::SetUpDesk);
    let save = ServerAction::<books::SaveScript>::new();
    let usual = ServerAction::<books::UsualScripts>::new();
    super::again(move || save.version().get() + usual.version().get(), books::scripts, data);
    let errors = FormErrors::of(lang, move || save.value().get());
    let writing = Writing { lang, edits, save, data };
    let groups = move || Moment::ALL.into_iter().map(|moment| group(writing, moment)).collect_view();
    let empty = move || {
        data.with(Vec::is_empty).then(|| {
            view! {
                <div class="card">
                    <Blank title=tr!(lang, books.script.none) text=tr!(lang, books.script.none_text)>
                        {edits
                            .then(|| {
                                view! {
                                    <ActionForm action=usual>
                                        <SubmitButton pending=usual.pending()>
                                            {tr!(lang, books.script.usual)}
                                        </SubmitButton>
                                    </ActionForm>
                                }
                            })}
                    </Blank>
                </div>
            }
        })
    };
    view! {
        <Title text=title/>
        <StaffFrame me>
            <TopBar title back="/desk"/>
            <main class="page stack" id="main" data-gap="5">
                <FormNote errors/>
                {empty}
                {groups}
                {edits
                    .then(|| {
                        view! {
                            <section class="card" aria-labelledby="new-script">
                                <h2 id="new-script" class="mb-4">
                                    {tr!(lang, books.script.new)}
                                </h2>
                                <Editor writing script=None/>
                            </section>
                        }
                    })}
            </main>
        </StaffFrame>
    }
}

fn group(writing: Writing, moment: Moment) -> AnyView {
    let lang = writing.lang;
    let own: Vec<ScriptView> =
        writing.data.with(|all| all.iter().filter(|script| script.moment == moment).cloned().collect());
    if own.is_empty() {
        return ().into_any();
    }
    let items = own
        .into_iter()
        .map(|script| {
            let edit = writing.edits.then(|| {
                let script = script.clone();
                view! {
                    <details class="mt-3 edit">
                        <summary class="small">{tr!(lang, books.script.edit)}</summary>
                        <Editor writing script=Some(script)/>
                    </details>
                }
            });
            view! {
                <li class="card">
                    <h3>{script.title.get(lang).to_owned()}</h3>
                    <p class="lead pre-line">{script.text.get(lang).to_owned()}</p>
                    {edit}
                </li>
            }
        })
        .collect_view();
    let id = format!("say-{}", moment.code());
    let labelled = id.clone();
    view! {
        <section aria-labelledby=labelled>
            <h2 id=id class="mb-4">
                {moment_name(lang, moment)}
            </h2>
            <ul class="say-grid">{items}</ul>
        </section>
    }
    .into_any()
}

/// A script's form: both languages side by side.
#[component]
fn Editor(writing: Writing, script: Option<ScriptView>) -> impl IntoView {
    let Writing { lang, save, .. } = writing;
    let id = script.as_ref().map(|script| script.id.to_string()).unwrap_or_default();
    let version = script.as_ref().map_or(0, |script| script.version);
    let retire = script.is_some();
    let moment = script.as_ref().map_or(Moment::Telephone, |script| script.moment);
    let options = Moment::ALL.map(|moment| Opt::new(moment.code(), moment_name(lang, moment))).to_vec();
    let (title, text) = script.map(|script| (script.title, script.text)).unwrap_or_default();
    let own = id.clone();
    let errors = FormErrors::of(lang, move || {
        let mine = save.input().with(|input| input.as_ref().is_none_or(|input| input.script == own));
        save.value().get().filter(|_| mine)
    });
    let sent = id.clone();
    let at = move |name: &str| format!("{name}-{id}");
    view! {
        <ActionForm action=save attr:class="form">
            <input type="hidden" name="script" value=sent/>
            <input type="hidden" name="version" value=version.to_string()/>
            <SelectInput name="moment" id=at("moment") label=tr!(lang, books.script.moment) options value=moment.code()/>
            <div class="two-fields">
                <TextInput
                    name="title_zh"
                    id=at("title_zh")
                    label=tr!(lang, books.script.title_zh)
                    value=title.zh
                    maxlength=40
                    error=errors.field("title_zh")
                />
                <TextInput
                    name="title_en"
                    id=at("title_en")
                    label=tr!(lang, books.script.title_en)
                    value=title.en
                    maxlength=40
                    error=errors.field("title_en")
                />
                <TextArea
                    name="text_zh"
                    id=at("text_zh")
                    label=tr!(lang, books.script.text_zh)
                    value=text.zh
                    rows=4
                    maxlength=1000
                    error=errors.field("text_zh")
                />
                <TextArea
                    name="text_en"
                    id=at("text_en")
                    label=tr!(lang, books.script.text_en)
                    value=text.en
                    rows=4
                    maxlength=1000
                    error=errors.field("text_en")
                />
            </div>
            <div class="btn-group">
                <SubmitButton pending=save.pending()>{tr!(lang, common.save)}</SubmitButton>
                {retire
                    .then(|| {
                        view! {
                            <SubmitButton kind="danger-quiet" pending=save.pending() name="retire" value="true">
                                {tr!(lang, books.script.retire)}
                            </SubmitButton>
                        }
                    })}
            </div>
        </ActionForm>
    }
}
