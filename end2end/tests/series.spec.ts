import { expect, test } from "@playwright/test";
import { newPhone, staff } from "./steps";
import { Person, languages, signIn } from "./support";

// BOOK-11: every session is seen first, all are booked at once, the rest is moved and cancelled.
for (const lang of languages) {
  for (const scripts of [true, false]) {
    test(`a series from the first look to the last change (${lang}, scripts: ${scripts})`, async ({ browser }) => {
      test.setTimeout(90_000);
      const desk = await Person.with(browser, { device: "desktop", lang, scripts });
      const { page } = desk;
      await signIn(desk, staff.desk);
      await desk.open("/desk/series");
      await desk.looksRight("/desk/series");
      await page.locator('input[name="sessions"]').fill("3");
      await page.locator("form.series-wish button").click();
      await page.locator("ol.sessions > li").nth(2).waitFor();
      await desk.ready();
      await expect(page.locator("ol.sessions > li")).toHaveCount(3);
      await desk.looksRight("the sessions before they are booked");
      const form = page.locator('form:has(ol.sessions)');
      await form.locator('input[name="name"]').fill("疗程客");
      await form.locator('input[name="phone"]').fill(newPhone());
      await form.locator('button[type="submit"]').last().click();
      await page.waitForURL(/\/desk\/series\/.+/);
      await desk.ready();
      await expect(page.locator("ol.sessions > li")).toHaveCount(3);
      await desk.looksRight("a booked series");
      const second = page.locator("ol.sessions > li").nth(1);
      await second.locator("summary").click();
      await second.locator('form[action*="series/cancel"] button').click();
      await expect(page.getByText(desk.word("booking.state.cancelled_by_customer"))).toHaveCount(2);
      // The customer's page says which session it is.
      await page.locator("ol.sessions > li a").first().click();
      await page.waitForURL(/\/b\//);
      await expect(page.getByText(desk.word("booking.slip.session_of", { n: 1, of: 3 }))).toBeVisible();
      await desk.leave();
    });
  }
}
