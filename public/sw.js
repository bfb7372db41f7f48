// Meiyue's service worker: the way back in when the network is gone (TREAT-7, AROUND-3).
//
// What is kept, and for whom:
//   site-<build>        the offline page and, once somebody works at the chair, the files of this build that it needs
//   chair               pages and readings of one person's day at the chair, until the day ends or the person signs out
// Nothing else: no page of a customer, no board, no wall, no photo, no answer to anything that changes something.

// Filled in by the bundler: the hash of the build, and the files a page of the chair loads.
const BUILD = "__BUILD__";
const FILES = "__FILES__".split(" ").filter((path) => path.startsWith("/"));

const SITE = `site-${BUILD}`;
const CHAIR = "chair";
const OWNER = "/-/owner"; // in CHAIR: who, which day, until when
const AWAY = "/offline";
const SMALL = ["/icons.svg", "/favicon.svg", "/icon-192.png"];
/** Readings of the chair. They change nothing, so that their last answer may stand in when the network is gone. */
const READS = ["/api/account/me", "/api/treat/my_day", "/api/treat/treatment"];
/** After these somebody else may hold the device. */
const HANDED_OVER = [
  "/staff/sign-out",
  "/api/account/sign_in",
  "/api/account/sign_out",
  "/api/account/sign_out_everywhere",
];
/** Milliseconds after which a copy is shown instead of waiting for a network that does not answer. */
const PATIENCE = 5000;
/** Milliseconds for which a reading made ahead of time need not be made again. */
const FRESH = 60_000;

addEventListener("install", (event) => event.waitUntil((async () => {
  await fresh(SITE, [AWAY]);
  await missing(SITE, FILES.slice(0, 1)); // its style sheet
})()));

addEventListener("activate", (event) => event.waitUntil((async () => {
  // The build before stays as long as a page of it may be open; older ones go.
  const others = (await caches.keys()).filter((name) => name.startsWith("site-") && name !== SITE);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
  await clients.claim();
  const owner = await theOwner();
  if (owner) await fill(owner.pages, true); // pages of the build before ask for its files
})().catch(() => {})));

addEventListener("message", (event) => {
  const told = event.data ?? {};
  if (told.kind === "renew") skipWaiting();
  if (told.kind === "leave") event.waitUntil(caches.delete(CHAIR));
  if (told.kind === "chair") event.waitUntil(enter(told).catch(() => {}));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST") {
    if (HANDED_OVER.includes(url.pathname)) event.waitUntil(caches.delete(CHAIR));
    if (READS.includes(url.pathname)) event.respondWith(reading(event, url));
    return;
  }
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    if (!isLive(url)) event.respondWith(isChair(url) ? chairPage(event, url) : anyPage(request));
  } else if (url.pathname.startsWith("/pkg/") || SMALL.includes(url.pathname)) {
    event.respondWith(file(request, url));
  }
});

const isLive = (url) => /^\/(live|api|metrics|health)\//.test(url.pathname);
const isChair = (url) => /^\/chair(\/[0-9a-f-]{32,36})?$/.test(url.pathname);

/** Somebody works at the chair: their pages of the day, and the files these need, are kept from now on. */
async function enter({ user, day, left, pages }) {
  const owner = await theOwner();
  if (owner && (owner.user !== user || owner.day !== day)) await caches.delete(CHAIR);
  await (await caches.open(CHAIR)).put(OWNER, Response.json({ user, day, until: Date.now() + left, pages }));
  await fill(pages);
}

async function fill(pages, anew = false) {
  await fresh(SITE, [AWAY]).catch(() => {}); // in the language of whoever works here
  await missing(SITE, [...FILES, ...SMALL]);
  const chair = await caches.open(CHAIR);
  for (const page of pages) {
    const url = new URL(page, location.origin);
    // A page need not be the newest: it asks for its reading once it is there.
    if (anew || !await chair.match(keyOf(url))) {
      const reply = await fetch(page, { headers: { accept: "text/html" } }).catch(() => undefined);
      if (kept(reply)) await chair.put(keyOf(url), reply);
    }
    const item = /^\/chair\/([0-9a-f-]+)$/.exec(page)?.[1];
    if (item) await read(chair, "/api/treat/treatment", `item=${item}`);
  }
  await read(chair, "/api/account/me", "");
  await read(chair, "/api/treat/my_day", "who=");
}

/** When each reading was last made ahead of time; while this worker lives. */
const made = new Map();

async function read(chair, path, body) {
  const key = snapshot(path, body);
  if (Date.now() - (made.get(key) ?? 0) < FRESH) return;
  made.set(key, Date.now());
  const headers = { accept: "application/json", "content-type": "application/x-www-form-urlencoded" };
  const reply = await fetch(path, { method: "POST", headers, body }).catch(() => undefined);
  if (kept(reply)) await chair.put(key, reply);
}

const snapshot = (path, body) => `/-${path}?${body}`;

/** Whose copies there are; none once their day is over. */
async function theOwner() {
  const chair = await caches.has(CHAIR) && await caches.open(CHAIR);
  const found = chair && await chair.match(OWNER);
  const owner = found && await found.json();
  if (!owner || Date.now() < owner.until) return owner || undefined;
  await caches.delete(CHAIR);
}

const kept = (reply) => reply?.ok && !reply.redirected && reply.type === "basic";

/** Tabs of a page are one page; somebody else's day is another. */
function keyOf(url) {
  const who = url.searchParams.get("who");
  return url.pathname + (who ? `?who=${who}` : "");
}

async function chairPage(event, url) {
  const owner = await theOwner();
  const copy = owner && await (await caches.open(CHAIR)).match(keyOf(url));
  const reply = await patient(fetch(event.request), copy).catch(() => copy ?? offline());
  // Signed out elsewhere, or not allowed any more: then nothing of it stays.
  if (reply !== copy && (reply.redirected || reply.type === "opaqueredirect" || reply.status === 401)) {
    event.waitUntil(caches.delete(CHAIR));
  } else if (owner && reply.status === 403) {
    event.waitUntil(caches.open(CHAIR).then((chair) => chair.delete(keyOf(url))));
  } else if (owner && reply !== copy && kept(reply)) {
    const mine = reply.clone();
    event.waitUntil(caches.open(CHAIR).then((chair) => chair.put(keyOf(url), mine)));
  }
  return reply;
}

const anyPage = (request) => fetch(request).catch(offline);

async function offline() {
  return await caches.match(AWAY) ?? new Response("offline", { status: 503 });
}

/** Files under /pkg have their content's hash in the name: a copy is as good as the file. The others may be older. */
async function file(request, url) {
  if (!url.pathname.startsWith("/pkg/")) {
    return fetch(request).catch(async (error) => await caches.match(url.pathname) ?? Promise.reject(error));
  }
  return await caches.match(url.pathname) ?? fetch(request);
}

async function reading(event, url) {
  const owner = await theOwner();
  if (!owner) return fetch(event.request);
  const key = snapshot(url.pathname, await event.request.clone().text());
  const chair = await caches.open(CHAIR);
  const copy = await chair.match(key);
  const reply = await patient(fetch(event.request), copy).catch((error) => copy ?? Promise.reject(error));
  if (reply === copy) return reply;
  if (reply.ok) {
    const mine = reply.clone();
    event.waitUntil(theOwner().then((now) => now?.user === owner.user && chair.put(key, mine)));
  } else if (reply.status === 401) {
    event.waitUntil(caches.delete(CHAIR));
  }
  return reply;
}

/** The network's answer; the copy, when there is one and the network takes too long. */
function patient(answer, copy) {
  if (!copy) return answer;
  const late = new Promise((go) => { setTimeout(go, PATIENCE, copy); });
  return Promise.race([answer, late]);
}

async function fresh(name, paths) {
  await (await caches.open(name)).addAll(paths.map((path) => new Request(path, { cache: "reload" })));
}

async function missing(name, paths) {
  const cache = await caches.open(name);
  for (const path of paths) {
    if (await cache.match(path)) continue;
    const reply = await fetch(path).catch(() => undefined);
    if (reply?.ok) await cache.put(path, reply);
  }
}
