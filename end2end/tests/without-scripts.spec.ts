import { expect, test } from "@playwright/test";
import { codeFor, newPhone, salon, staff } from "./steps";
import { Person, languages, signIn } from "./support";

// Every form works where scripts do not: in an old browser, behind a filter, before they have loaded.
for (const lang of languages) {
  test(`booking, the desk and a wrong password without scripts (${lang})`, async ({ browser }) => {
    const customer = await Person.with(browser, { device: "phone", lang, scripts: false });
    const { page } = customer;
    await customer.open(`/s/${salon}/book`);
    await page.locator('.choice:has(input[name="services"]:not([disabled]))').first().click();
    await page.locator("noscript button, button[form=choose]").first().click();
    await page.locator('.slots label:has(input[name="at"]:not([disabled]))').first().click();
    await page.getByRole("button", { name: customer.word("booking.choose.take") }).click();
    await page.waitForURL(/\/hold\//);

    // Wrong input comes back with the message beside the field and with what was typed.
    await page.locator('input[name="name"]').first().fill(lang === "en" ? "Nora Wu" : "吴诺");
    await page.locator('input[name="phone"]').first().fill("123");
    await page.getByRole("button", { name: customer.word("booking.hold.send") }).click();
    await expect(page.locator(".error").first()).toBeVisible();

    const phone = newPhone();
    await page.locator('input[name="name"]').first().fill(lang === "en" ? "Nora Wu" : "吴诺");
    await page.locator('input[name="phone"]').first().fill(phone);
    await page.getByRole("button", { name: customer.word("booking.hold.send") }).click();
    await page.locator('input[name="code"]').fill(await codeFor(browser, phone));
    await page.locator('form:has(input[name="code"]) button[type="submit"]').click();
    await page.waitForURL(/\/b\//);
    await expect(page.locator(".slip-time")).toContainText(/\d\d:\d\d/);

    const booking = new URL(page.url()).pathname;
    await customer.open(`${booking}/cancel`);
    await page.locator('label:has(input[name="reason"])').first().click();
    await page.locator('form:has(input[name="reason"]) button[type="submit"]').first().click();
    await expect(page.locator("h1")).toContainText(customer.word("booking.head.cancelled"));
    await customer.leave();

    const desk = await Person.with(browser, { device: "desktop", lang, scripts: false });
    await desk.open("/staff/sign-in");
    await desk.page.locator('input[name="username"]').fill(staff.desk);
    await desk.page.locator('input[name="password"]').fill("not the password at all");
    await desk.page.locator('form:has(input[name="password"]) button[type="submit"]').first().click();
    await expect(desk.page.locator('[role="alert"], .error').first()).toBeVisible();
    await signIn(desk, staff.desk);
    await desk.open("/desk");
    // Who comes soon stands open, the others are rows to be opened.
    const checkIn = desk.page.getByRole("button", { name: desk.word("desk.check_in") });
    if ((await checkIn.count()) === 0) {
      await desk.page.locator('section[aria-labelledby="lane-expected"] summary').first().click();
    }
    await checkIn.first().click();
    await expect(desk.page.locator('section[aria-labelledby="lane-waiting"] article.q').first()).toBeVisible();
    await desk.leave();
  });
}
