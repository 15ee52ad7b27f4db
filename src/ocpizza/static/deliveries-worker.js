"use strict";

// The driver's page opens in a dead spot, too: as the copy that it has made of its driver's own
// orders. Nothing else of the site passes here.
const page = new URL(self.registration.scope).pathname;
const COPIES = "livraisons-";
const PATIENCE = 5000, OLDEST = 12 * 3600 * 1000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const asked = new URL(url);
  if (method !== "GET" || asked.origin !== self.location.origin) return;
  if (mode === "navigate" && asked.pathname === page) event.respondWith(openPage(event.request));
  else if (asked.pathname.startsWith("/static/")) event.respondWith(openFile(event.request));
});

async function openPage(request) {
  const copy = await keptCopy();
  let timer;
  const tooLong = new Promise((_, reject) => { if (copy) timer = setTimeout(reject, PATIENCE); });
  try {
    const answer = await Promise.race([fetch(request), tooLong]);
    // Nobody is signed in here any more, or somebody who drives for nobody.
    if (answer.type === "opaqueredirect" || answer.status === 403) await forgetCopies();
    else if (answer.status >= 500 && copy) return copy;
    return answer;
  } catch (error) {
    if (copy) return copy;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function keptCopy() {
  const copy = await caches.match(page);
  if (!copy) return null;
  const made = Date.parse(copy.headers.get("Date"));
  if (Date.now() - made < OLDEST || Number.isNaN(made)) return copy;
  await forgetCopies();
  return null;
}

async function openFile(request) {
  return (await caches.match(request)) || fetch(request);
}

async function forgetCopies() {
  for (const name of await caches.keys()) {
    if (name.startsWith(COPIES) && name !== `${COPIES}static`) await caches.delete(name);
  }
}
