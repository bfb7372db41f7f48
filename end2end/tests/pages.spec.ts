import { test, expect } from "@playwright/test";
import { salon, staff } from "./steps";
import { type Device, Person, languages, signIn } from "./support";

// Every page on the device it is made for, in both languages, by day and by night: nothing an accessibility check can
// find, nothing wider than the screen, no faults in the console (C-50).
const open: [string, Device][] = [
  ["/", "phone"],
  [`/s/${salon}`, "phone"],
  [`/s/${salon}/book`, "phone"],
  ["/me/sign-in", "phone"],
  [`/promises/${salon}`, "phone"],
  [`/promises/${salon}`, "desktop"],
  [`/promises/${salon}/SAT`, "phone"],
  ["/staff/sign-in", "desktop"],
  ["/staff/sign-in", "phone"],
];
const inner: [string, string, Device][] = [
  [staff.desk, "/desk", "desktop"],
  [staff.desk, "/desk", "tabletWide"],
  [staff.desk, "/desk/walk-in", "tablet"],
  [staff.desk, "/schedule", "desktop"],
  [staff.desk, "/schedule", "tabletWide"],
  [staff.desk, "/schedule?view=week", "desktop"],
  [staff.manager, "/schedule?view=month", "desktop"],
  [staff.desk, "/schedule/new", "desktop"],
  [staff.chair, "/account", "tablet"],
  [staff.desk, "/desk?show=late", "desktop"],
  [staff.desk, "/desk/phone", "desktop"],
  [staff.desk, "/desk/phone", "tablet"],
  [staff.desk, "/desk/handover", "desktop"],
  [staff.desk, "/desk/scripts", "tabletWide"],
  [staff.manager, "/desk/scripts", "desktop"],
  [staff.manager, "/desk/screen", "desktop"],
  [staff.manager, "/desk/poster", "desktop"],
  ["qiantai3", "/desk/bands", "desktop"],
  [staff.desk, "/desk/waitlist", "desktop"],
  [staff.desk, "/desk/waitlist?past=1", "tablet"],
  [staff.desk, "/desk/waitlist/new", "tabletWide"],
  [staff.desk, "/desk/series", "desktop"],
  [staff.desk, "/desk/series", "tablet"],
  [staff.chair, "/chair", "tablet"],
  [staff.chair, "/chair", "tabletWide"],
  [staff.manager, "/chair/incidents", "desktop"],
  [staff.manager, "/chair/deviations", "desktop"],
  [staff.manager, "/wall", "desktop"],
  [staff.manager, "/wall", "phone"],
  [staff.manager, "/wall/SAT", "desktop"],
  [staff.manager, "/wall/RECHECK", "desktop"],
  [staff.manager, "/outbox", "desktop"],
  [staff.desk, "/care/followups", "desktop"],
  [staff.desk, "/care/followups?list=over", "tablet"],
  [staff.manager, "/sop", "desktop"],
  ["dianzhang3", "/baths", "tablet"],
  [staff.manager, "/account", "desktop"],
  [staff.manager, "/settings", "desktop"],
  [staff.manager, "/settings/services/new", "tablet"],
  [staff.manager, "/settings/hours", "tablet"],
  [staff.manager, "/settings/rota", "desktop"],
  [staff.manager, "/settings/rota", "tablet"],
  [staff.manager, "/settings/people", "tablet"],
  [staff.manager, "/settings/places", "desktop"],
  [staff.manager, "/settings/stranded", "phone"],
];

for (const lang of languages) {
  for (const dark of [false, true]) {
    const how = `${lang}, ${dark ? "dark" : "light"}`;
    test(`public pages (${how})`, async ({ browser }) => {
      for (const [path, device] of open) {
        const guest = await Person.with(browser, { device, lang, dark });
        await guest.open(path);
        await guest.looksRight(`${path} on ${device}`);
        await guest.leave();
      }
    });
    // Each language and each palette once; all four with E2E_ALL=1.
    if (dark !== (lang === "en") && !process.env.E2E_ALL) continue;
    test(`staff pages (${how})`, async ({ browser }) => {
      test.setTimeout(600_000);
      const people = new Map<string, Person>();
      for (const [user, path, device] of inner) {
        const who = `${user} on ${device}`;
        let person = people.get(who);
        if (!person) {
          person = await Person.with(browser, { device, lang, dark });
          await signIn(person, user);
          people.set(who, person);
        }
        await person.open(path);
        await person.looksRight(`${path} on ${device}`);
      }
      for (const person of people.values()) await person.leave();
    });
  }
}

test("pages that do not exist say so", async ({ browser }) => {
  const guest = await Person.with(browser, { device: "phone", lang: "zh-CN" });
  for (const path of ["/nowhere", "/s/nowhere", "/b/AAAAAAAAAAAAAAAAAAAAAA", "/q/x", "/r/x", `/promises/${salon}/NONE`]) {
    const answer = await guest.page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(guest.page.locator("main")).not.toBeEmpty();
  }
  guest.faults.length = 0; // a 404 is reported by the browser itself
  await guest.leave();
});

test("touch targets at the chair are at least 48 pixels", async ({ browser }) => {
  const person = await Person.with(browser, { device: "tablet", lang: "zh-CN" });
  await signIn(person, staff.chair);
  await person.open("/chair");
  const small = await person.page.locator("main :is(a.btn, button, a.row), .top-bar :is(a, button)").evaluateAll((all) =>
    all
      .filter((one) => one.getClientRects().length > 0)
      .map((one) => ({ text: one.textContent?.trim(), height: one.getBoundingClientRect().height }))
      .filter((one) => one.height < 47.5),
  );
  expect(small).toEqual([]);
  await person.leave();
});
