import { type Browser, test, expect } from "@playwright/test";
import { codeFor, staff } from "./steps";
import { Person, finishTreatment, languages, receiver, signIn } from "./support";

/** One of those on the list of calls whose free re-check is still open, signed in; each language has its own. */
async function mayComeBack(browser: Browser, desk: Person): Promise<{ customer: Person; name: string; phone: string }> {
  const calls = desk.page.locator("main > .call-list > .call:has(a[href^='tel:'])");
  const many = await calls.count();
  for (let i = desk.lang === "en" ? 1 : 0; i < many; i++) {
    const phone = (await calls.nth(i).locator('a[href^="tel:"]').getAttribute("href"))!.replace("tel:", "");
    const name = (await calls.nth(i).locator("h2").innerText()).trim();
    const customer = await Person.with(browser, { device: "phone", lang: desk.lang });
    await customer.open("/me/sign-in");
    await customer.page.locator('input[name="phone"]').fill(phone);
    await customer.page.locator('form:has(input[name="phone"]) button[type="submit"]').first().click();
    await customer.page.locator('input[name="code"]').fill(await codeFor(browser, phone));
    await customer.page.locator('form:has(input[name="code"]) button[type="submit"]').first().click();
    await customer.page.waitForURL(/\/me$/);
    await customer.ready();
    if ((await customer.page.locator('#after a[href^="/c/"]').count()) > 0) return { customer, name, phone };
    await customer.leave();
  }
  throw new Error("nobody on the list has a re-check that is open");
}

for (const lang of languages) {
  test.describe(`after the service (${lang})`, () => {
    test.describe.configure({ timeout: 120_000 });

    test("a customer books the free re-check at price zero, and what was found closes it", async ({ browser }) => {
      test.setTimeout(180_000);
      // Somebody who was here in the last days: the desk sees name and number on the list of calls.
      const desk = await Person.with(browser, { device: "desktop", lang });
      await signIn(desk, staff.desk);
      await desk.open("/care/followups?list=ahead");
      await desk.looksRight("the calls to come");
      const { customer, name, phone } = await mayComeBack(browser, desk);
      await customer.looksRight("the own page with the days after");
      await customer.page.locator('#after a[href^="/c/"]').first().click();
      await customer.page.waitForURL(/\/c\//);
      await customer.ready();
      await customer.looksRight("the re-check");
      const asked = customer.page.waitForResponse((answer) => answer.url().endsWith("/api/care/recheck"));
      await customer.page.locator('.people label:has(input[value=""])').click();
      await asked;
      // The times of that choice take the places of those before: one that was free may be taken now.
      const free = customer.page.locator('.slots label:has(input[name="at"]:not([disabled]))').first();
      await expect(async () => {
        await free.click({ timeout: 1_000 });
        await expect(customer.page.locator('.slots input[name="at"]:checked')).toHaveCount(1, { timeout: 500 });
      }).toPass();
      await customer.page.getByRole("button", { name: customer.word("care.recheck.act") }).click();
      await customer.page.waitForURL(/\/b\//);
      await customer.ready();
      await customer.looksRight("the booked re-check");
      await customer.open("/me");
      await expect(customer.page.locator("#after")).toContainText(customer.word("care.mine.booked"));

      // She comes the same day; the desk finds her by the end of her number.
      await desk.open("/desk");
      await desk.page.locator("#find").fill(phone.slice(-4));
      const hit = desk.page.locator(".search-hits li", { hasText: name });
      await hit.getByRole("button", { name: desk.word("desk.check_in") }).click();
      const waits = desk.page.locator('section[aria-labelledby="lane-waiting"] article.q', { hasText: name });
      await expect(waits).toBeVisible();
      const who = await receiver(browser, desk, name);
      await desk.leave();

      const chair = await Person.with(browser, { device: "tablet", lang });
      await signIn(chair, staff.manager);
      await chair.open(`/chair?who=${who}`);
      const there = chair.page.locator(`:is(article, li, section):has-text("${name}") a[href^="/chair/"]`);
      await there.or(chair.page.locator('.action-bar a[href^="/chair/"]')).first().click();
      await chair.page.waitForURL(/\/chair\/[0-9a-f]/);
      await chair.ready();
      const bar = chair.page.locator(".action-bar");
      await bar.locator("form button[type=submit]").last().click(); // receive
      const begins = chair.word("treat.bar.start", { service: "" }).trim();
      await bar.getByRole("button", { name: new RegExp(`^${begins}`) }).click();
      const card = chair.page.locator('section[aria-labelledby="recheck-title"]');
      await card.locator('label:has(input[value="fine"])').click();
      await card.locator('textarea[name="note"]').fill(lang === "en" ? "Calm, no redness" : "皮肤平稳，没有泛红");
      await card.getByRole("button", { name: chair.word("care.chair.act") }).click();
      await expect(card).toContainText(chair.word("care.outcome.fine"));
      await chair.looksRight("a re-check at the chair");
      await finishTreatment(chair);
      // The record that was looked at again leads here, and says what was found.
      await card.locator('a[href^="/chair/"]').click();
      await chair.page.waitForURL(/\/chair\/[0-9a-f]/);
      await chair.ready();
      await expect(chair.page.locator("main")).toContainText(chair.word("care.outcome.fine"));
      await chair.leave();

      await customer.open("/me");
      await expect(customer.page.locator("#after")).not.toContainText(customer.word("care.mine.booked"));
      await customer.leave();
    });

    test("a call is recorded, a worry is kept until it is settled", async ({ browser }) => {
      const desk = await Person.with(browser, { device: "desktop", lang });
      await signIn(desk, staff.desk);
      await desk.open("/care/followups");
      const calls = desk.page.locator("main > .call-list > .call");
      await expect(calls.first()).toBeVisible();
      const id = await calls.first().getAttribute("id");
      const card = desk.page.locator(`[id="${id}"]`);
      await card.locator(".call-script summary").click();
      await expect(card.locator(".call-script p")).toBeVisible();
      await card.locator(".call-record summary").click();
      await card.locator('label:has(input[value="concern"])').click();
      await card.getByRole("button", { name: desk.word("care.call.save") }).click();
      await expect(card.locator(".error")).toBeVisible();
      const worry = `右颊发痒 ${Date.now()}`;
      await card.locator("textarea").fill(worry);
      await card.getByRole("button", { name: desk.word("care.call.save") }).click();
      await expect(card).toHaveCount(0);
      const concern = desk.page.locator("li.call", { hasText: worry });
      await expect(concern).toBeVisible();
      await desk.looksRight("the list with a worry");
      await concern.locator(".call-record summary").click();
      await concern.locator("textarea").fill(lang === "en" ? "Called back, all is well" : "已回电，没事了");
      await concern.getByRole("button", { name: desk.word("care.concern.close_act") }).click();
      await expect(concern).toHaveCount(0);
      desk.faults.length = 0; // refused requests are reported by the browser itself
      await desk.leave();
    });

    test("a checklist is edited, published and compared", async ({ browser }) => {
      const manager = await Person.with(browser, { device: "desktop", lang });
      await signIn(manager, staff.manager);
      await manager.open("/sop");
      await manager.page.locator("main .rows a").nth(lang === "en" ? 3 : 2).click();
      await manager.page.waitForURL(/\/sop\//);
      await manager.ready();
      await manager.looksRight("the editor");
      const text = `Warm towel ${Date.now()}`;
      const added = manager.page.locator('section:has(#new-step) form');
      await added.locator('textarea[name="zh"]').fill("热敷毛巾");
      await added.locator('textarea[name="en"]').fill(text);
      await added.getByRole("button").click();
      await expect(manager.page.locator('input[name="note"]')).toBeVisible();
      await manager.page.locator('input[name="note"]').fill(lang === "en" ? "Towel added" : "加热敷");
      await manager.page.locator('form:has(input[name="note"]) button[type="submit"]').click();
      await expect(manager.page.locator('input[name="note"]')).toHaveCount(0);
      await manager.page.locator('ol.timeline a[href*="compare="]').first().click();
      await expect(manager.page.locator("#compare")).toContainText(manager.word("sop.compare.added"));
      await manager.looksRight("the comparison");
      await manager.leave();
    });

    test("a reading out of range closes the area until it is put right", async ({ browser }) => {
      const person = await Person.with(browser, { device: "tablet", lang });
      await signIn(person, "dianzhang3");
      await person.open("/baths");
      const area = person.page.locator('article.bath:has(input[name="ph"])').nth(lang === "en" ? 1 : 0);
      await area.locator('input[name="ph"]').fill("8.4");
      await area.getByRole("button", { name: person.word("baths.enter") }).click();
      await expect(area).toContainText(person.word("baths.closed"));
      await person.looksRight("a closed bath");
      await area.locator("textarea").fill(lang === "en" ? "Dosed, circulated" : "加药，循环 30 分钟");
      await area.getByRole("button", { name: person.word("baths.job.done") }).click();
      await expect(area.locator("textarea")).toHaveCount(0);
      await area.locator('input[name="ph"]').fill("7.4");
      await area.getByRole("button", { name: person.word("baths.enter") }).click();
      await expect(area).not.toContainText(person.word("baths.closed"));
      await person.leave();
    });
  });
}
