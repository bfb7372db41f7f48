import { type Browser, expect, test } from "@playwright/test";
import { staff } from "./steps";
import { type Device, type Lang, Person, finishTreatment, handOver, languages, signIn, walkIn } from "./support";

/** A new customer without a booking, handed to whoever is first; gives ticket number and person. */
async function received(browser: Browser, lang: Lang, name: string): Promise<{ number: string; who: string }> {
  const desk = await Person.with(browser, { device: "desktop", lang });
  await signIn(desk, staff.desk);
  const number = await walkIn(browser, desk, name);
  await desk.open("/desk");
  const who = await handOver(desk, number);
  await desk.leave();
  return { number, who };
}

/** The treatment of this ticket, as those who lead open it. */
async function atTheChair(browser: Browser, lang: Lang, device: Device, number: string, who: string): Promise<Person> {
  const chair = await Person.with(browser, { device, lang });
  await signIn(chair, staff.manager);
  await chair.open(`/chair?who=${who}`);
  await chair.page
    .locator('a[href^="/chair/"]', { hasText: number })
    .or(chair.page.locator(`:is(article, li):has-text("${number}") a[href^="/chair/"]`))
    .first()
    .click();
  await chair.page.waitForURL(/\/chair\/[0-9a-f]/);
  await chair.ready();
  return chair;
}

/** Everything that is pressed at the chair is at least 48 pixels high (TREAT-1). */
async function targets(person: Person): Promise<void> {
  const small = await person.page
    .locator("main :is(a.btn, button, summary, label.check, a.row, .seg > *, .feel > *), .top-bar :is(a, button), .action-bar :is(a, button)")
    .evaluateAll((all) =>
      all
        .filter((one) => one.getClientRects().length > 0)
        .map((one) => ({ text: one.textContent?.trim().slice(0, 40), height: one.getBoundingClientRect().height }))
        .filter((one) => one.height < 47.5),
    );
  expect(small).toEqual([]);
}

for (const [lang, device] of [["zh-CN", "tablet"], ["en", "tabletWide"]] as [Lang, Device][]) {
  test(`an allergy, a skipped step and an adverse reaction (${lang}, ${device})`, async ({ browser }) => {
    test.setTimeout(120_000);
    const name = lang === "en" ? "Iris Tang" : "唐小荷";
    const { number, who } = await received(browser, lang, name);
    const chair = await atTheChair(browser, lang, device, number, who);
    const { page } = chair;

    // Never asked is not "none confirmed".
    await expect(page.locator("main")).toContainText(chair.word("chair.alert.ask_now"));
    await targets(chair);
    await page.locator('a[href$="/facts"]').first().click();
    await page.waitForURL(/\/facts$/);
    await chair.ready();
    await chair.looksRight("the five questions");
    await targets(chair);
    const questions = page.locator(".question");
    for (let i = 1; i < 5; i++) await questions.nth(i).locator('label:has(input[value="none"])').click();
    await questions.nth(0).locator('label:has(input[value="some"])').click();
    await questions.nth(0).locator("select").first().selectOption("seafood");
    await questions.nth(0).locator('select[name$="[severity]"]').selectOption("severe");
    await page.getByRole("button", { name: chair.word("consult.save") }).click();
    await page.waitForURL(/\/chair\/[0-9a-f-]+$/);
    await chair.ready();

    // The alert stays in view; beginning asks for a reason first.
    await expect(page.locator(".stop-alert")).toBeVisible();
    await page.locator(".action-bar form button[type=submit]").last().click(); // receive
    const bar = page.locator(".action-bar");
    await expect(bar.getByRole("link", { name: chair.word("chair.alert.first") })).toBeVisible();
    await chair.looksRight("an alert");
    await page.locator('#allow textarea[name="reason"]').fill(lang === "en" ? "Every label read first" : "每样先看成分");
    await page.locator('#allow button[type="submit"]').click();
    const begin = lang === "en" ? /^Begin/ : /^开始做/;
    await expect(page.getByRole("button", { name: begin })).toBeVisible();

    // Getting ready: a room outside its limits says so.
    const ready = page.locator(".prep .tick > form button");
    await ready.first().click();
    await expect(page.locator('.prep .tick[data-state="done"]').first()).toBeVisible();
    await expect(page.locator('.prep input[name="temperature"]')).toHaveCSS("opacity", "1");
    await page.locator('.prep input[name="temperature"]').fill("31");
    await page.locator('.prep input[name="humidity"]').fill("50");
    await page.getByRole("button", { name: chair.word("chair.prep.measure") }).click();
    await expect(page.locator(".prep")).toContainText(chair.word("chair.prep.outside"));
    await page.getByRole("button", { name: begin }).click();
    await expect(page.locator(".feel")).toBeVisible();
    await chair.looksRight("at the chair");
    await targets(chair);
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    await expect(page.locator(".stop-alert")).toBeInViewport();

    // A mandatory step is left out only with a reason.
    await page.locator('nav a[href$="tab=during"]').click();
    const must = page.locator(".tick:has(.tag):has(details)").first();
    await must.locator("summary").click();
    await expect(must.locator('input[name="reason"]')).toHaveCSS("opacity", "1");
    await must.locator('input[name="reason"]').fill(lang === "en" ? "Not tolerated today" : "今天受不了");
    await must.locator(".tick-reason button").click();
    await expect(page.locator('.tick[data-state="skipped"]').first()).toBeVisible();

    // One tap says how it feels; an adverse reaction is written down with its first aid.
    await page.locator(".feel button").nth(1).click();
    await expect(page.locator('.feel button[aria-pressed="true"]')).toHaveCount(1);
    await page.locator(".incident-new > summary").click();
    await page.locator('.incident-new label:has(input[value="stop_product"])').click();
    await page.locator('.incident-new label:has(input[value="moderate"])').click();
    await page.locator('textarea[name="what"]').fill(lang === "en" ? "Both cheeks red and hot" : "两颊发红发热");
    await page.getByRole("button", { name: chair.word("chair.incident.report") }).click();
    await expect(page.locator("article.incident")).toContainText(lang === "en" ? "cheeks" : "两颊");
    await chair.looksRight("an adverse reaction");

    // The other steps, and the end: who treated is free for the next customer.
    await finishTreatment(chair);

    // The whole record, and the manager's lists.
    const here = new URL(page.url()).pathname;
    await chair.open(`${here}/record`);
    await expect(page.locator(".timeline")).toContainText(lang === "en" ? "cheeks" : "两颊");
    await chair.looksRight("the record");
    await chair.leave();

    const manager = await Person.with(browser, { device: "desktop", lang });
    await signIn(manager, staff.manager);
    await manager.open("/chair/incidents");
    await manager.page.locator("a.row", { hasText: name }).first().click();
    await manager.page.waitForURL(/\/chair\/incidents\//);
    await manager.ready();
    await manager.looksRight("an incident");
    await manager.page.locator('label:has(input[value="handle"])').click();
    await manager.page.locator('textarea[name="text"]').fill(lang === "en" ? "Seen by a doctor" : "陪同就医");
    await manager.page.getByRole("button", { name: manager.word("chair.incident.save") }).click();
    await expect(manager.page.locator("main")).toContainText(manager.word("chair.incident.state.handled"));
    await manager.leave();
  });
}

for (const lang of languages) {
  test(`the chair without scripts (${lang})`, async ({ browser }) => {
    const lead = await Person.with(browser, { device: "tablet", lang, scripts: false });
    await signIn(lead, "jishu");
    await lead.open("/chair/deviations");
    await lead.looksRight("deviations");
    await lead.page.locator('select[name="show"]').selectOption("all");
    await lead.page.getByRole("button", { name: lead.word("chair.deviation.apply") }).click();
    await expect(lead.page.locator(".deviation").first()).toBeVisible();
    await lead.open("/chair/deviations");
    const open = lead.page.locator(".deviation");
    const before = await open.count();
    await open.first().locator('button[type="submit"]').click();
    await expect(open).toHaveCount(before - 1);
    await lead.leave();
  });

  test(`the front desk sees no medical facts (${lang})`, async ({ browser }) => {
    const desk = await Person.with(browser, { device: "desktop", lang });
    await signIn(desk, staff.desk);
    for (const path of ["/chair/incidents", "/chair/deviations"]) {
      const answer = await desk.page.goto(path);
      expect(answer?.status(), path).toBe(403);
    }
    desk.faults.length = 0; // a refusal is reported by the browser itself
    await desk.leave();
  });
}
