"use strict";

// The page of a visitor without a session carries no token; their first post brings one.
function useToken(token) {
  document.body.dataset.csrf = token;
  document.querySelectorAll('input[name="csrf_token"]').forEach((input) => { input.value = token; });
}
document.body.addEventListener("csrf", (event) => useToken(event.detail.value));

// One tap after the other, each is asked for with the button that was pressed, not with the last.
document.body.addEventListener("htmx:configRequest", ({ detail }) => {
  const pressed = detail.triggeringEvent?.submitter;
  if (pressed?.name) detail.parameters[pressed.name] = pressed.value;
});

// Whoever is quicker than the network orders what they asked for: the way on waits for the basket.
// It is not taken where something was refused, or where it is no more: one reads why.
const WAYS = "#panier a[href], #basket-bar a[href]";
const REFUSED = "#toast .toast-error, #toast .toast-warning";
let underWay = 0, way = "", unseen = false;
// An answer whose place went with the answer before it is drawn nowhere: the page is asked for anew.
const drawn = new WeakSet();
document.body.addEventListener("htmx:beforeSwap", ({ detail }) => { drawn.add(detail.xhr); });
document.addEventListener("click", (event) => {
  const link = event.target.closest(WAYS);
  if (!link || !underWay || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  way = link.href;
  link.setAttribute("aria-busy", "true");
});
document.body.addEventListener("htmx:beforeSend", ({ detail: { xhr } }) => {
  underWay += 1;
  // htmx says nothing of an answer whose place is gone; the browser always says that it is over.
  xhr.addEventListener("loadend", () => {
    underWay = Math.max(0, underWay - 1);
    const answered = xhr.status >= 200 && xhr.status < 400;
    if (!answered || document.querySelector(REFUSED)) way = "";
    // One that leads elsewhere is drawn there.
    const led = xhr.getResponseHeader("HX-Redirect");
    if (answered && !led && !drawn.has(xhr)) unseen = true;
    // What was tapped meanwhile is sent before this.
    setTimeout(goOn);
  });
});
function goOn() {
  if (underWay) return;
  const links = [...document.querySelectorAll(WAYS)];
  links.forEach((link) => link.removeAttribute("aria-busy"));
  if (links.some((link) => link.href === way)) location.assign(way);
  else if (unseen) location.reload();
  way = "";
  unseen = false;
}
window.addEventListener("pagehide", () => { underWay = 0; way = ""; });

// A message is read, then gets out of the way.
let toastTimer;
document.body.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target.id !== "toast") return;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => document.getElementById("toast")?.replaceChildren(), 5000);
});
document.body.addEventListener("htmx:responseError", () => location.reload());
document.body.addEventListener("htmx:sendError", () => showOffline(true));

// Without network nothing on the page is sent or changes.
function showOffline(offline) {
  document.body.classList.toggle("is-offline", offline);
}

// What this device remembers by itself; a browser may forbid it.
function remembered(name) {
  try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
}
function remember(name, value) {
  try { localStorage.setItem(name, JSON.stringify(value)); } catch { /* forgotten with the page */ }
}

// What is ticked off a check-list stays so on this tablet: nobody else is told.
const MOST_TICKS = 500;
const ticked = new Set(remembered("ticks") || []);
document.querySelectorAll("[data-tick]").forEach((box) => { box.checked = ticked.has(box.id); });
document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-tick]")) return;
  ticked.delete(target.id);
  if (target.checked) ticked.add(target.id);
  remember("ticks", [...ticked].slice(-MOST_TICKS));
});

// Favourites of a browser whose visitor is not signed in stay in it.
document.querySelectorAll("[data-favourite]").forEach((button) => {
  const { favourite } = button.dataset;
  const draw = () => button.setAttribute("aria-pressed", (remembered("favourites") || []).includes(favourite));
  button.addEventListener("click", () => {
    const kept = new Set(remembered("favourites") || []);
    if (!kept.delete(favourite)) kept.add(favourite);
    remember("favourites", [...kept].slice(-100));
    draw();
  });
  draw();
});

// Two notes, made here: nothing is fetched.
function ring(audio) {
  [[880, 0], [1175, 0.22]].forEach(([pitch, after]) => {
    const [note, loudness, at] = [audio.createOscillator(), audio.createGain(), audio.currentTime + after];
    note.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.0001, at);
    loudness.gain.exponentialRampToValueAtTime(0.6, at + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0001, at + 0.4);
    note.connect(loudness).connect(audio.destination);
    note.start(at);
    note.stop(at + 0.45);
  });
}

// The bell of the kitchen: asked for once on this device. A browser keeps it silent until somebody
// touches the page.
function hangBell(button) {
  const off = button.textContent;
  let audio = null;
  const draw = () => {
    const asleep = audio?.state === "running" ? button.dataset.on : button.dataset.asleep;
    button.textContent = remembered("sound") ? asleep : off;
  };
  const wake = () => {
    if (!audio) {
      audio = new AudioContext();
      audio.addEventListener("statechange", draw);
    }
    if (audio.state !== "running") audio.resume().catch(() => {});
  };
  const stir = (event) => { if (remembered("sound") && !button.contains(event.target)) wake(); };
  ["pointerdown", "keydown"].forEach((kind) => document.addEventListener(kind, stir));
  button.addEventListener("click", () => {
    const silent = !remembered("sound") || audio?.state !== "running";
    remember("sound", silent);
    if (silent) { wake(); ring(audio); }
    draw();
  });
  if (remembered("sound")) wake();
  draw();
  button.hidden = false;
  return () => { if (remembered("sound") && audio?.state === "running") ring(audio); };
}

// Orders that were not there when this tab last looked, be it on the page before.
function tellNewOrders(said) {
  const board = document.querySelector("[data-live]");
  const button = document.querySelector("[data-sound]");
  const bell = window.AudioContext ? hangBell(button) : () => {};
  const name = `orders ${board.dataset.live}`;
  const numbers = (css) => [...board.querySelectorAll(`${css} [data-order]`)].map((ticket) => ticket.dataset.order);
  const look = () => {
    let before = null;
    try { before = JSON.parse(sessionStorage.getItem(name)); } catch { /* as on a first visit */ }
    const here = numbers("");
    try { sessionStorage.setItem(name, JSON.stringify(here)); } catch { before = null; }
    const arrived = before ? numbers(".column-to_prepare").filter((number) => !before.includes(number)) : [];
    if (!arrived.length) return;
    said.textContent = `${said.dataset.newOrders} ${arrived.join(", ")}`;
    bell();
  };
  board.addEventListener("renewed", look);
  look();
}
document.querySelectorAll("[data-new-orders]").forEach(tellNewOrders);

// A driver's telephone keeps a copy of what they carry, as long as they are signed in on it.
async function forgetCopies(kept) {
  for (const name of await caches.keys()) {
    if (name.startsWith("livraisons-") && name !== "livraisons-static" && name !== kept) await caches.delete(name);
  }
}
if ("caches" in window) {
  forgetCopies(`livraisons-${document.body.dataset.account}`).catch(() => {});
  document.querySelector("form.who")?.addEventListener("submit", () => { forgetCopies().catch(() => {}); });
}

// One press, one order: the server makes sure of it, this only says so.
document.querySelectorAll("form[data-once]").forEach((form) => {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    form.querySelector("button").setAttribute("aria-busy", "true");
  });
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelector("button").removeAttribute("aria-busy");
  });
});

// What is shown once is not there any more for whoever presses « Back » on a shared screen.
window.addEventListener("pagehide", () => {
  document.querySelectorAll("[data-shown-once]").forEach((shown) => shown.remove());
});

// Somebody who comes back sees their basket of today, not the page as they left it.
function isBack(event) {
  const [visit] = performance.getEntriesByType("navigation");
  return event.persisted || visit?.type === "back_forward";
}
async function renewBasket() {
  const answer = await fetch(location.href, { cache: "no-store" });
  if (answer.redirected || document.getElementById("panier") || document.querySelector("form[data-once]")) {
    location.replace(answer.url);
    if (answer.url.split("#")[0] === location.href.split("#")[0]) location.reload();
    return;
  }
  takeFrom(await answer.text(), "panier-compte", "basket-bar", "ouverture");
}
function takeFrom(page, ...ids) {
  const today = new DOMParser().parseFromString(page, "text/html");
  useToken(today.body.dataset.csrf);
  for (const id of ids) {
    const [old, renewed] = [document.getElementById(id), today.getElementById(id)];
    if (old && renewed) old.replaceWith(document.adoptNode(renewed));
  }
}
window.addEventListener("pageshow", (event) => { if (isBack(event)) renewBasket().catch(() => {}); });

// A menu that was left open promises nothing by the clock of then.
const STILL_TRUE = 60000;
let promisedAt = Date.now();
async function renewPromise() {
  promisedAt = Date.now();
  const answer = await fetch(location.href, { cache: "no-store" });
  if (answer.ok) takeFrom(await answer.text(), "ouverture");
}
document.addEventListener("visibilitychange", () => {
  if (document.hidden || Date.now() - promisedAt < STILL_TRUE || !document.getElementById("ouverture")) return;
  renewPromise().catch(() => {});
});
// What is chosen may have been restored by the browser, the price beside it not.
window.addEventListener("pageshow", () => {
  const choice = document.getElementById("choix");
  if (choice) choice.dispatchEvent(new Event("change", { bubbles: true }));
});

// The menu marks the shelf that one looks at.
function markShelf() {
  const links = new Map([...document.querySelectorAll(".shelves a[href^='#']")].map((link) => [link.hash.slice(1), link]));
  const shelves = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  if (!shelves.length || !("IntersectionObserver" in window)) return;
  const seen = new Set();
  const mark = (current) => links.forEach((link, id) => {
    if (id === current.id) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
  });
  mark(shelves[0]);
  const observer = new IntersectionObserver((entries) => {
    entries.forEach(({ target, isIntersecting }) => { if (isIntersecting) seen.add(target); else seen.delete(target); });
    const current = shelves.find((shelf) => seen.has(shelf));
    if (current) mark(current);
  }, { rootMargin: "-20% 0px -40% 0px" });
  shelves.forEach((shelf) => observer.observe(shelf));
}
markShelf();

// The change to give, while the driver types what they were handed; the server says it again.
document.addEventListener("input", (event) => {
  const input = event.target.closest("input[data-due]");
  if (!input) return;
  const output = input.parentElement.querySelector("output");
  const cents = Math.round(Number(input.value.replace(",", ".")) * 100);
  const change = cents - Number(input.dataset.due);
  const euros = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: "EUR" });
  const words = change < 0 ? output.dataset.missing : output.dataset.change;
  output.textContent = input.value.trim() && Number.isFinite(cents) ? `${words} ${euros.format(Math.abs(change) / 100)}` : "";
});

// At the till one types on while the page is asked: letters that were sent leave their field, what
// is typed or chosen meanwhile is there again in the new page, what is pressed meanwhile waits.
document.querySelectorAll("form[data-till]").forEach((till) => {
  const entry = till.querySelector("#entry");
  let sent = null, letters = "", meanwhile = [], pressed = [];
  const said = () => new Map(new FormData(till));
  for (const kind of ["click", "change"]) {
    till.addEventListener(kind, (event) => {
      const asks = event.target.closest(kind === "click" ? "button[hx-post]" : ".till-ways");
      if (!sent || !asks) return;
      event.stopPropagation();
      if (kind === "change") return;
      event.preventDefault();
      pressed.push(asks.id);
    }, true);
  }
  till.addEventListener("htmx:beforeRequest", () => {
    letters = entry.value;
    entry.value = "";
    sent = said();
  });
  till.addEventListener("htmx:beforeSwap", () => {
    meanwhile = [...said()].filter(([name, value]) => name !== entry.name && sent.get(name) !== value);
  });
  till.addEventListener("htmx:afterSwap", () => {
    for (const [name, value] of meanwhile) {
      const field = till.elements.namedItem(name);
      if (field) field.value = value;
    }
    sent = null;
  });
  till.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) return;
    sent = null;
    entry.value = entry.value || letters;
    pressed = [];
  });
  till.addEventListener("htmx:afterSettle", () => {
    if (document.activeElement === document.body) entry.focus();
    const ways = meanwhile.some(([name]) => ["source", "mode"].includes(name));
    meanwhile = [];
    const button = document.getElementById(pressed.shift());
    if (button) htmx.trigger(button, "click");
    else if (ways) htmx.trigger(till.querySelector(".till-ways"), "change");
  });
});

// A page that waits for somebody else's answer asks again by itself.
const again = document.querySelector("a[data-again]");
if (again) setTimeout(() => location.replace(again.href), again.dataset.again * 1000);

// Where tabs are wider than the screen, the one that is open is in sight.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  tab.scrollIntoView({ block: "nearest", inline: "center" });
}
