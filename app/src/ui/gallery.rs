//! `/ui` in debug builds: the components with sample values. Its texts are samples and stay untranslated.

use crate::ui::*;
use leptos::prelude::*;

#[component]
pub fn Gallery() -> impl IntoView {
    view! {
        <Shell kind=ShellKind::Phone>
            <TopBar title="组件" sub="ui" back="/">
                <SizeSwitch icon=true/>
            </TopBar>
            <main class="page stack" data-gap="6" id="main">
                <Switches/>
                <Marks/>
                <Times/>
                <Promises/>
                <Forms/>
                <Picks/>
                <Notes/>
                <Floating/>
                <Next/>
                <ul class="cluster">
                    {IconName::ALL
                        .iter()
                        .map(|name| view! { <li title=name.as_str()><Icon name=*name/></li> })
                        .collect_view()}
                </ul>
            </main>
            <BottomBar tabs=vec![
                Tab { href: "/ui".into(), text: "首页".into(), icon: IconName::Home, count: 0 },
                Tab { href: "/ui/b".into(), text: "预约".into(), icon: IconName::Calendar, count: 2 },
            ]/>
        </Shell>
    }
}

#[component]
fn Switches() -> impl IntoView {
    view! {
        <section class="stack">
            <h2>"切换"</h2>
            <div class="cluster">
                <LangSwitch/>
                <SizeSwitch/>
                <ThemeSwitch small=true/>
            </div>
            <ThemeSwitch/>
        </section>
    }
}

#[component]
fn Marks() -> impl IntoView {
    view! {
        <section class="stack">
            <h2>"状态、标签、头像"</h2>
            <div class="cluster">
                <Status tone=Tone::Ok icon=IconName::CheckCircle fill=true>"完成"</Status>
                <Status tone=Tone::Warn icon=IconName::Alert fill=true>"快到时限"</Status>
                <Status tone=Tone::Stop icon=IconName::Stop fill=true>"超时 1 分"</Status>
                <Status tone=Tone::Brand icon=IconName::Half small=true>"服务中"</Status>
                <Tag icon=IconName::Tap>"点钟"</Tag>
                <Tag tone=Tone::Sand>"金卡"</Tag>
                <Count n=3 tone=Tone::Stop of="件超时"/>
                <Avatar name="林静怡" size=AvatarSize::L/>
                <Avatar name="周晓岚"/>
                <Avatar name="Anna" size=AvatarSize::S/>
                <Glyph icon=IconName::Sign tone=Tone::Brand/>
                <Seal word="约定" under="06.12"/>
                <Swatch kind=SwatchKind::Cream/>
                <Swatch kind=SwatchKind::Gel/>
                <Swatch kind=SwatchKind::Light/>
                <Swatch kind=SwatchKind::Water/>
                <Swatch kind=SwatchKind::Clay/>
            </div>
            <Slip
                deep=true
                label="下一次约定"
                foot=|| view! { <div class="btn-group" data-fill><a class="btn" data-kind="primary" href="#">"到店签到"</a></div> }
            >
                <SlipRing share=0.54 figure="1:50".to_owned() unit="后开始".to_owned() label="还有 1 小时 50 分".to_owned()/>
                <p class="slip-eyebrow"><span>"今天 · 6月10日 周三"</span></p>
                <SlipTime iso="2026-06-10T06:30:00Z" time="14:30"/>
                <h3 class="slip-title">"敏感肌舒缓修护"</h3>
                <p class="slip-sub">"林静怡 · 约 60 分钟"</p>
            </Slip>
        </section>
    }
}

#[component]
fn Times() -> impl IntoView {
    view! {
        <section class="stack">
            <h2>"时间"</h2>
            <div class="cluster" data-gap="4">
                <WaitRing minutes=6u32 amber=10 red=15/>
                <WaitRing minutes=12u32 amber=10 red=15/>
                <WaitRing minutes=16u32 amber=10 red=15/>
                <Ring share=0.57 figure="3".to_owned() unit="天".to_owned() label="还剩 3 天".to_owned() dot=true size=RingSize::L/>
            </div>
            <TimeBar share=0.85 words="剩 3 时 40 分".to_owned() tone=Tone::Warn what="首次联系 · 24 小时"/>
            <Bar share=0.4 tone=Tone::Sand large=true/>
        </section>
    }
}

#[component]
fn Promises() -> impl IntoView {
    let mut all = vec![Kept::Yes; 14];
    all.insert(1, Kept::NoData);
    all.extend([Kept::No, Kept::No, Kept::No]);
    view! {
        <section class="stack">
            <h2>"承诺"</h2>
            <Ruler value=98.6 target=98.0 from=80.0 kept=true label="98.6%，目标 ≥ 98%"/>
            <Ruler value=97.8 target=100.0 from=80.0 kept=false label="97.8%，目标 100%" interval=(96.0, 99.0)/>
            <div class="card on-deep wall-hero"><PromiseRing promises=all/></div>
        </section>
    }
}

#[component]
fn Forms() -> impl IntoView {
    view! {
        <form class="form" method="get">
            <h2>"表单"</h2>
            <TextInput name="name" label="怎么称呼" value="王雅琴" autocomplete="name"/>
            <TextInput name="phone" label="手机号" pre="+86" inputmode="tel" hint="只用来确认和提醒这一次预约"/>
            <TextInput name="code" label="验证码" value="48 26" error=Some("验证码是 6 位数字".to_owned())/>
            <TextArea name="note" label="有什么要提前说的" optional=true placeholder="过敏、怀孕、正在吃的药"/>
            <SelectInput name="branch" label="门店" value="2" options=vec![Opt::new(1, "静安店"), Opt::new(2, "徐汇店")]/>
            <div class="btn-group">
                <SubmitButton>"就约这个"</SubmitButton>
                <SubmitButton pending=true>"正在保存"</SubmitButton>
                <button class="btn" data-kind="soft">"约复查"</button>
                <button class="btn" data-kind="danger-quiet">"取消预约"</button>
            </div>
        </form>
    }
}

#[component]
fn Picks() -> impl IntoView {
    view! {
        <section class="stack">
            <h2>"选择"</h2>
            <Steps label="步骤" at=1 steps=vec![("选项目".into(), Some("/ui".into())), ("选时间".into(), None), ("留电话".into(), None)]/>
            <Choice
                name="svc"
                value="1"
                many=true
                checked=true
                title="敏感肌舒缓修护"
                sub="60 分钟 · 冷喷、修护膜、红光"
                lead=|| view! { <Swatch kind=SwatchKind::Cream/> }
                tail=|| view! { <span class="price">"¥458"</span> }
            />
            <Choice name="svc" value="2" many=true disabled=true title="光子嫩肤" sub="做之前要先评估"/>
            <Seg name="s" label="看什么" wide=true value="2" options=vec![Opt::new(1, "人员"), Opt::new(2, "房间")]/>
            <SegLinks label="阶段" links=vec![("/ui".into(), "之前".into(), false), ("/ui?b".into(), "之后".into(), true)]/>
            <div class="chips">
                <Chip name="t" value="wait" checked=true>"等候"</Chip>
                <Chip name="t" value="clean">"卫生"</Chip>
            </div>
            <Check name="ok" checked=true>"同意把护理照片存进档案"</Check>
            <Switch name="call" title="请店长给我回电话" sub="今天 20:00 前"/>
            <Rating name="all" value=4/>
            <Rating name="r" kind=RatingKind::Figures/>
            <Nps name="nps" value=8/>
        </section>
    }
}

#[component]
fn Notes() -> impl IntoView {
    view! {
        <section class="stack">
            <h2>"提醒、空、错、等"</h2>
            <Banner tone=Tone::Info title="这一版问卷改了一题">"旧答案仍按旧版统计"</Banner>
            <Banner tone=Tone::Sand icon=IconName::Drop>"今天别用酸类"</Banner>
            <StopAlert label="过敏" sign="禁" title="水杨酸过敏"><p>"酸类、去角质一律不用"</p></StopAlert>
            <NetBar offline=true waiting=3/>
            <div class="card">
                <Blank title="还没有约定" text="约好的时间会放在这里。">
                    <a class="btn" data-kind="primary" href="#">"去预约"</a>
                </Blank>
            </div>
            <ErrorPage kind=ErrorKind::Fault { incident: "E-7F21A9".to_owned() }/>
            <Skeleton person=true/>
        </section>
    }
}

#[component]
fn Floating() -> impl IntoView {
    let open = RwSignal::new(false);
    let toasts = use_toasts();
    view! {
        <section class="stack">
            <h2>"弹层"</h2>
            <div class="btn-group">
                <button class="btn" type="button" on:click=move |_| open.set(true)>"打开"</button>
                <button
                    class="btn"
                    type="button"
                    on:click=move |_| toasts.show_with_undo("已改到 6月13日 10:00", Callback::new(|()| ()))
                >
                    "轻提示"
                </button>
            </div>
            <Dialog open id="d" title="取消 6月12日 14:30 的预约？">
                <p class="soft">"现在取消不收费。"</p>
                <div class="btn-group">
                    <button class="btn" type="button" on:click=move |_| open.set(false)>"先不取消"</button>
                    <button class="btn" data-kind="danger">"取消预约"</button>
                </div>
            </Dialog>
        </section>
    }
}

#[component]
fn Next() -> impl IntoView {
    view! {
        <section class="stack">
            <ul class="rows">
                <li>
                    <RowLink href="/ui" title="确认护理方案" sub="6月13日前有效" lead=|| view! { <Glyph icon=IconName::Sign tone=Tone::Brand/> }/>
                </li>
            </ul>
            <p><More href="/ui">"看全部"</More></p>
            <Pager href="/ui" next="abc".to_owned()/>
            <ActionBar sum=|| view! { <p class="action-sum"><b>"14:30"</b>"林静怡"</p> }>
                <button class="btn" data-kind="primary">"就约这个"</button>
            </ActionBar>
        </section>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::{App, ui::overlay::ToastList};
    use leptos_router::location::RequestUrl;

    /// The page at `path` as the server would send its body.
    fn page(path: &str) -> String {
        let owner = Owner::new();
        owner.with(|| {
            provide_context(RequestUrl::new(path));
            provide_context(ToastList::default());
            view! { <App/> }.to_html()
        })
    }

    #[test]
    fn every_component_renders_and_none_writes_styles() {
        let html = page("/ui");
        for class in
            ["slip on-deep", "ring-value", "promise-ring", "choice", "scale", "blank", "bottom-bar", "swatch"]
        {
            assert!(html.contains(class), "{class} is not in the page");
        }
        assert!(!html.contains("style="), "the content security policy would drop a style attribute");
        assert!(!html.contains("[object"));
        if let Ok(to) = std::env::var("GALLERY_TO") {
            std::fs::write(to, html).unwrap();
        }
    }

    #[test]
    fn an_address_that_is_none_says_so() {
        assert!(page("/nowhere").contains("这里没有东西"));
    }
}
