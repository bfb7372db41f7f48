import { test, expect } from "@playwright/test";
import { codeFor, staff } from "./steps";
import { Person, languages, signIn } from "./support";

for (const lang of languages) {
  test.describe(`after the service (${lang})`, () => {
    test.describe.configure({ timeout: 120_000 });

    test("a customer finds the free re-check and books it at price zero", async ({ browser }) => {
      // Somebody who was here in the last days: the desk sees the number on the list of calls.
      const desk = await Person.with(browser, { device: "desktop", lang });
      await signIn(desk, staff.desk);
      await desk.open("/care/followups?list=ahead");
      await desk.looksRight("the calls to come");
      const dial = await desk.page.locator('a[href^="tel:"]').nth(lang === "en" ? 1 : 0).getAttribute("href");
      const phone = dial!.replace("tel:", "");
      await desk.leave();

      const customer = await Person.with(browser, { device: "phone", lang });
      await customer.open("/me/sign-in");
      await customer.page.locator('input[name="phone"]').fill(phone);
      await customer.page.locator('form:has(input[name="phone"]) button[type="submit"]').first().click();
      await customer.page.locator('input[name="code"]').fill(await codeFor(browser, phone));
      await customer.page.locator('form:has(input[name="code"]) button[type="submit"]').first().click();
      await customer.page.waitForURL(/\/me$/);
      await customer.ready();
      await customer.looksRight("the own page with the days after");
      await customer.page.locator('#after a[href^="/c/"]').first().click();
      await customer.page.waitForURL(/\/c\//);
      await customer.ready();
      await customer.looksRight("the re-check");
      await customer.page.locator('.people label:has(input[value=""])').click();
      await customer.page.locator('.slots label:has(input[name="at"]:not([disabled]))').first().click();
      await customer.page.getByRole("button", { name: customer.word("care.recheck.act") }).click();
      await customer.page.waitForURL(/\/b\//);
      await customer.ready();
      await customer.looksRight("the booked re-check");
      await customer.open("/me");
      await expect(customer.page.locator("#after")).toContainText(customer.word("care.mine.booked"));
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
