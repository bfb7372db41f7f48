import { type Browser, type Locator, type Page, expect, test } from "@playwright/test";
import { salon, staff } from "./steps";
import { Person, languages, signIn } from "./support";

// The tablet without its network (TREAT-7, AROUND-3). What the browser itself says about lost connections is no fault.

/** A square of skin, as a camera would send it: PNG, 2 × 2. */
const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR42mN4tnMxEDFAKABAUgkJfF0J/gAAAABJRU5ErkJggg==",
  "base64",
);

/** The service worker has taken over, and the chair's pages are kept. */
async function kept(page: Page, path: string): Promise<void> {
  await expect
    .poll(() => page.evaluate(async (path) => {
      const chair = await caches.open("chair");
      return Boolean(navigator.serviceWorker.controller && (await chair.match(path)));
    }, path), { timeout: 20_000 })
    .toBe(true);
}

/** Whose chair it is: in Xuhui one who waits is offered to her, and no other journey is there. */
const mine = { login: "meirong2", name: "Gu Nianci", desk: "qiantai2", manager: "dianzhang2" };

/** The desk hands the one who waits to whom the board suggests. */
async function handedOver(browser: Browser): Promise<void> {
  const desk = await Person.with(browser, { device: "desktop", lang: "en" });
  await signIn(desk, mine.desk);
  await desk.open("/desk");
  const act = desk.page.locator('article.q form:has(input[name="staff"]) button', { hasText: mine.name });
  await act.click();
  await expect(act).toBeHidden();
  await desk.leave();
}

/** Somebody in the chair of whoever is signed in; gives the record's path. */
async function treating(browser: Browser, person: Person): Promise<string> {
  const { page } = person;
  await person.open("/chair");
  const one = page.locator('.now-card a[href^="/chair/"], .slip a[href^="/chair/"]').first();
  if ((await one.count()) === 0) {
    await handedOver(browser);
    await person.open("/chair");
  }
  await one.click();
  await page.waitForURL(/\/chair\/[0-9a-f]/);
  await person.ready();
  // Received and begun, when that was still to be done: until then the steps only show what will be.
  const preview = page.getByText(person.word("treat.steps.preview"), { exact: true });
  for (let i = 0; i < 2 && (await preview.isVisible()); i++) {
    const act = page.locator(".action-bar form button[type=submit]").last();
    const text = await act.innerText();
    await act.click();
    await expect(act).not.toHaveText(text);
  }
  await expect(preview).toBeHidden();
  await expect(page.locator(".tick").first()).toBeVisible();
  return new URL(page.url()).pathname;
}

const open = (page: Page) =>
  page.locator('.tick:has(.tick-skip) form:first-child button[type="submit"]:not([disabled])');

/** Goes to a phase that has at least so many steps left, and gives its link, with how many are dealt with. */
async function phaseWith(page: Page, steps: number): Promise<Locator> {
  for (const tab of ["during", "after", "before"]) {
    const phase = page.locator(`nav a[href$="tab=${tab}"]`);
    await phase.click();
    await expect(phase).toHaveAttribute("aria-current", "true");
    if ((await open(page).count()) >= steps) return phase;
  }
  throw new Error(`no phase has ${steps} steps left`);
}

/** A step's name, without the mark that it may not be left out. */
const named = (step: Locator) =>
  step.locator(".tick-main b").evaluate((name) => name.firstChild!.textContent!.trim());

async function waiting(page: Page): Promise<number> {
  return page.evaluate(() => new Promise<number>((go) => {
    const asked = indexedDB.open("meiyue", 1);
    asked.onsuccess = () => {
      const count = asked.result.transaction("queue").objectStore("queue").count();
      count.onsuccess = () => { asked.result.close(); go(count.result); };
    };
  }));
}

async function leave(person: Person): Promise<void> {
  person.faults.length = 0;
  await person.context.close();
}

for (const lang of languages) {
  test(`the tablet loses its network in mid-service and comes back (${lang})`, async ({ browser }) => {
    test.setTimeout(180_000);
    const chair = await Person.with(browser, { device: "tablet", lang });
    const { page, context } = chair;
    await signIn(chair, mine.login);
    const path = await treating(browser, chair);
    await chair.open("/chair");
    await kept(page, "/chair");
    await kept(page, path);
    await chair.open(path);
    const phase = await phaseWith(page, 2);

    await context.setOffline(true);
    const bar = page.locator(".netbar");
    await expect(bar).toBeVisible();
    await chair.looksRight("the record without network");

    // Two ticks, one left out, a note, a photo.
    const before = await open(page).count();
    const pictures = await page.locator(".photo-list img").count();
    const [settled, all] = /(\d+)\/(\d+)/.exec(await phase.innerText())!.slice(1).map(Number) as [number, number];
    const first = await named(page.locator(".tick:has(.tick-skip)").first());
    await open(page).first().click();
    await expect(open(page)).toHaveCount(before - 1);
    const skip = page.locator(".tick-skip").first();
    await skip.locator("summary").click();
    const reason = skip.locator('input[name="reason"]');
    await expect(reason).toHaveCSS("opacity", "1");
    await reason.fill(lang === "en" ? "The customer did not want it" : "客人不想做");
    await skip.locator('button[type="submit"]').click();
    // With the last step of a phase the next one opens by itself.
    await expect(phase).toContainText(`${settled + 2}/${all}`);
    await phase.click();
    await expect(open(page)).toHaveCount(before - 2);
    const said = lang === "en" ? `Slight redness ${Date.now()}` : `轻微泛红 ${Date.now()}`;
    await page.locator('textarea[name="text"]').fill(said);
    await page.getByRole("button", { name: chair.word("treat.notes.act") }).click();
    await page.locator('input[name="photo"]').setInputFiles({ name: "skin.png", mimeType: "image/png", buffer: picture });
    await page.locator('select[name="angle"]').selectOption("left");
    await page.getByRole("button", { name: chair.word("offline.photo_act") }).click();
    await expect(page.locator(".photo-list img")).toHaveCount(pictures + 1);
    await expect.poll(() => waiting(page)).toBe(4);
    await expect(bar).toContainText("4");
    await expect(page.locator(".tick", { hasText: first })).toContainText(chair.word("offline.waits"));
    // What the salon's clock times is not possible, and says why.
    await expect(page.locator(".action-bar button[disabled]")).toBeVisible();
    await expect(page.locator(".action-bar")).toContainText(chair.word("offline.needs_net"));

    // Opened again without the network: the record, and what waits.
    await page.reload();
    await chair.ready();
    await expect(bar).toContainText("4");
    await phase.click();
    await expect(page.locator("main")).toContainText(said);
    await expect(open(page)).toHaveCount(before - 2);
    await page.goto("/chair");
    await chair.ready();
    await expect(page.locator("h1")).toBeVisible();
    await page.locator(`a[href="${path}"]`).first().click();
    await page.waitForURL((url) => url.pathname === path);
    await expect(page.locator("main")).toContainText(said);
    await chair.looksRight("the record opened again without network");

    // Back: all of it once.
    await context.setOffline(false);
    await expect.poll(() => waiting(page), { timeout: 30_000 }).toBe(0);
    await expect(bar).toBeHidden();
    await page.reload();
    await chair.ready();
    await phase.click();
    await expect(open(page)).toHaveCount(before - 2);
    await expect(page.locator(".note-list li", { hasText: said })).toHaveCount(1);
    await expect(page.locator('.photo-list img[src^="/chair/"]')).toHaveCount(pictures + 1);
    const shown = await context.request.get((await page.locator(".photo-list img").first().getAttribute("src"))!);
    expect(shown.headers()["content-type"]).toBe("image/jpeg");
    expect(shown.headers()["cache-control"]).toBe("no-store");
    await chair.looksRight("the record with a photo");
    await leave(chair);
  });
}

test("what somebody else did meanwhile is shown, not overwritten", async ({ browser }) => {
  test.setTimeout(120_000);
  const chair = await Person.with(browser, { device: "tablet", lang: "zh-CN" });
  const { page, context } = chair;
  await signIn(chair, mine.login);
  const path = await treating(browser, chair);
  const phase = await phaseWith(page, 1);
  const tab = await phase.getAttribute("href");
  const step = page.locator(".tick:has(.tick-skip)").first();
  const name = await named(step);
  await context.setOffline(true);
  await expect(page.locator(".netbar")).toBeVisible();
  await step.locator('form:first-child button[type="submit"]').click();
  await expect.poll(() => waiting(page)).toBe(1);

  const manager = await Person.with(browser, { device: "tablet", lang: "zh-CN" });
  await signIn(manager, mine.manager);
  await manager.open(path);
  const there = manager.page.locator(`nav a[href="${tab}"]`);
  await there.click();
  const theirs = manager.page.locator(".tick", { hasText: name });
  await theirs.locator("summary").click();
  await theirs.locator('input[name="reason"]').fill("客人不要");
  await theirs.locator('.tick-reason button[type="submit"]').click();
  await expect(theirs.locator(".tick-skip")).toHaveCount(0);
  await there.click();
  await expect(theirs).toHaveAttribute("data-state", "skipped");

  await context.setOffline(false);
  const told = page.locator(".banner", { hasText: chair.word("offline.keep") });
  await expect(told).toContainText(name, { timeout: 30_000 });
  await phase.click();
  await expect(page.locator(".tick", { hasText: name })).toHaveAttribute("data-state", "skipped");
  await chair.looksRight("a conflict");
  await told.getByRole("button", { name: chair.word("offline.keep") }).click();
  await expect(told).toBeHidden();
  await phase.click();
  await expect(page.locator(".tick", { hasText: name })).toHaveAttribute("data-state", "done");
  await expect.poll(() => waiting(page)).toBe(0);
  await leave(chair);
  await leave(manager);
});

test("signing out asks while work waits, and takes the day's pages along", async ({ browser }) => {
  test.setTimeout(120_000);
  const chair = await Person.with(browser, { device: "tablet", lang: "zh-CN" });
  const { page, context } = chair;
  await signIn(chair, mine.login);
  const path = await treating(browser, chair);
  await chair.open("/chair");
  await kept(page, path);
  const names = await page.evaluate(async () => (await (await caches.open("chair")).keys()).map((r) => new URL(r.url).pathname));
  expect(names.filter((name) => !/^\/(chair|-)(\/|$)/.test(name)), "nothing but the chair's").toEqual([]);

  await chair.open(path);
  // The server does not answer to notes: one is left behind.
  await context.route("**/api/treat/late_note", (route) => route.abort());
  await page.locator('textarea[name="text"]').fill("留到下次");
  await page.getByRole("button", { name: chair.word("treat.notes.act") }).click();
  await expect.poll(() => waiting(page)).toBe(1);
  await chair.open("/account");
  await page.getByRole("button", { name: chair.word("account.sign_out"), exact: true }).click();
  const asked = page.locator("dialog[open]");
  await expect(asked).toContainText(chair.word("offline.leave.title", { n: 1 }));
  await chair.looksRight("asked before signing out");
  await asked.getByRole("button", { name: chair.word("offline.leave.stay") }).click();
  await page.getByRole("button", { name: chair.word("account.sign_out"), exact: true }).click();
  await asked.getByRole("button", { name: chair.word("offline.leave.go") }).click();
  await page.waitForURL(/\/staff\/sign-in/);
  await expect.poll(() => page.evaluate(() => caches.has("chair"))).toBe(false);
  expect(await waiting(page), "kept for the person").toBe(1);

  // Nobody else sends it; the person does, the next time.
  await context.unroute("**/api/treat/late_note");
  await signIn(chair, staff.manager);
  await chair.open("/desk");
  expect(await waiting(page)).toBe(1);
  await context.clearCookies({ name: "meiyue" });
  await signIn(chair, mine.login);
  await chair.open(path);
  await expect.poll(() => waiting(page), { timeout: 20_000 }).toBe(0);
  await expect(page.locator(".note-list li", { hasText: "留到下次" })).toHaveCount(1);
  await leave(chair);
});

test("it can be installed, and other pages say that there is no network", async ({ browser }) => {
  const guest = await Person.with(browser, { device: "phone", lang: "en" });
  const { page, context } = guest;
  await guest.open("/");
  const manifest = await page.locator('link[rel="manifest"]').getAttribute("href");
  for (const path of [manifest!, "/manifest.webmanifest", "/staff.webmanifest", "/staff-en.webmanifest"]) {
    const said = await (await context.request.get(path)).json();
    expect(said).toMatchObject({ display: "standalone", scope: "/" });
    expect(said.name && said.short_name && said.start_url && said.id).toBeTruthy();
    for (const icon of [...said.icons, ...said.shortcuts.flatMap((cut: { icons: object[] }) => cut.icons)]) {
      const file = await context.request.get(icon.src);
      expect(file.status(), icon.src).toBe(200);
      expect(file.headers()["content-type"]).toBe(icon.type);
    }
    const sizes = said.icons.map((icon: { sizes: string; purpose: string }) => `${icon.sizes} ${icon.purpose}`);
    expect(sizes).toEqual(expect.arrayContaining(["192x192 any", "512x512 any", "512x512 maskable"]));
  }
  expect(manifest).toBe("/manifest-en.webmanifest");
  await page.waitForFunction(() => navigator.serviceWorker.ready.then((own) => own.active?.state === "activated"));
  await page.waitForFunction(() => Boolean(navigator.serviceWorker.controller));
  expect(await page.evaluate(() => caches.has("chair")), "nothing of the staff on a customer's phone").toBe(false);
  await context.setOffline(true);
  await page.goto(`/s/${salon}`).catch(() => undefined);
  await expect(page.locator("main")).toContainText(guest.word("ui.error.offline.title"));
  await guest.looksRight("no network");
  await context.setOffline(false);
  await page.getByRole("link", { name: guest.word("common.retry") }).click();
  await expect(page.locator("h1")).toBeVisible();
  await leave(guest);
});

test("a new build offers itself, and takes over when asked", async ({ browser }) => {
  const guest = await Person.with(browser, { device: "phone", lang: "zh-CN" });
  const { page } = guest;
  await guest.open("/");
  await page.waitForFunction(() => Boolean(navigator.serviceWorker.controller));
  // From now on there is another worker: its address differs, since its text cannot be changed from here.
  await page.evaluate(() => navigator.serviceWorker.register("/sw.js?another").then(() => undefined));
  const offer = page.locator("#renewal");
  await expect(offer).toBeVisible();
  await expect(offer).toContainText(guest.word("ui.renewal.text"));
  await guest.looksRight("a new build");
  await Promise.all([page.waitForEvent("load"), offer.getByRole("button").click()]);
  await guest.ready();
  expect(await page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)).toContain("another");
  await leave(guest);
});
