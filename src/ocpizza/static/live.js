"use strict";

// Parts of a page that change while one looks: asked for again with the ETag, replaced where they
// have changed. A stream says when (`ocpizza live`); where there is none they are asked for by turns.
(() => {
const STREAM = "/en-direct";
// Milliseconds. A stream that opens says so, and each few seconds that it lives: one that does not
// is held back by somebody on the way.
const OPENS = 10000, LIVES = 40000;
// A part that changes all the time is not asked for all the time; nor all parts at the same moment.
const APART = 500, LEISURE = 20000;
const SHORTEST = 2000, LONGEST = 60000;

const upTo = (most) => most * (0.5 + Math.random() / 2);
const pause = (time) => new Promise((resolve) => { setTimeout(resolve, time); });

// Whoever is in the midst of something there finds it again, by the ids of the parts.
function whatWasDone(element) {
  const focused = element.contains(document.activeElement) ? document.activeElement.id : "";
  const ids = (css) => [...element.querySelectorAll(css)].map((part) => part.id).filter(Boolean);
  const open = ids("details[open]");
  const checked = ids(":checked");
  const typed = new Map([...element.querySelectorAll("input[inputmode]")].filter((input) => input.id && input.value).map((input) => [input.id, input.value]));
  const find = (id) => element.querySelector(`#${CSS.escape(id)}`);
  return () => {
    typed.forEach((value, id) => {
      const input = find(id);
      if (!input) return;
      input.value = value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
    open.forEach((id) => { if (find(id)) find(id).open = true; });
    checked.forEach((id) => { if (find(id)) find(id).checked = true; });
    if (focused) find(focused)?.focus({ preventScroll: true });
  };
}


function follow(element) {
  // Without a stream, and while one lives, in case that it forgot something.
  const turns = Number(element.dataset.every) * 1000, safety = Number(element.dataset.safety) * 1000;
  const says = document.querySelector("[data-freshness]");
  let etag = null, ticket = element.dataset.ticket, heard = "";
  let timer = 0, due = Infinity, asking = null, askedAt = 0, stale = false, live = false, listening = false, stop = null;

  // As the browser writes it: what is drawn already is not drawn again.
  function written(html) {
    const made = document.createElement("template");
    made.innerHTML = html;
    return made.innerHTML;
  }
  let drawn = element.innerHTML;

  // When something that is shown goes by itself, by when it was drawn: whatever is asked meanwhile.
  const nextGoing = () => Date.now() + (element.querySelector("[data-fleeting]")?.dataset.fleeting ?? 0) * 1000;
  let goesAt = nextGoing();

  // What the page says beside the part, and would contradict it: taken from the page of today.
  const beside = () => element.querySelector("[data-beside]")?.dataset.beside;
  let said = beside();
  async function renewAside() {
    const now = beside();
    if (now === said) return;
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) return;
    said = now;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const old of document.querySelectorAll("[data-aside]")) {
      const renewed = page.getElementById(old.id);
      if (renewed) old.replaceWith(document.adoptNode(renewed));
    }
  }

  // What one's finger is on stays where it is until it is lifted.
  let pressed = Promise.resolve();
  element.addEventListener("pointerdown", () => {
    pressed = new Promise((lifted) => {
      ["pointerup", "pointercancel"].forEach((kind) => window.addEventListener(kind, () => setTimeout(lifted), { once: true }));
      setTimeout(lifted, SHORTEST);
    });
  });

  async function fetchPart() {
    askedAt = Date.now();
    try {
      const headers = etag ? { "If-None-Match": etag } : {};
      const response = await fetch(element.dataset.live, { headers, cache: "no-store", redirect: "error" });
      showOffline(false);
      if (response.status === 403 || response.status === 404) { ticket = ""; location.reload(); return; }
      ticket = response.headers.get("Live-Ticket") ?? ticket;
      if (response.status !== 200) return;
      etag = response.headers.get("ETag");
      const html = await response.text();
      await pressed;
      if (written(html) === drawn) return;
      drawn = written(html);
      const goOn = whatWasDone(element);
      element.innerHTML = html;
      goesAt = nextGoing();
      goOn();
      useToken(document.body.dataset.csrf);
      element.dispatchEvent(new Event("renewed"));
      renewAside().catch(() => {});
    } catch {
      showOffline(true);
    }
  }

  // One at a time; what changes meanwhile is asked for once more.
  function ask() {
    if (document.hidden || !ticket) return Promise.resolve();
    if (asking) { stale = true; return asking; }
    clearTimeout(timer);
    due = Infinity;
    asking = fetchPart().finally(() => {
      asking = null;
      if (stale) askWithin(Math.max(0, askedAt + APART - Date.now()));
      stale = false;
      // No ticket: what is shown is the end of it.
      if (!ticket) { stop?.abort(); says?.remove(); return; }
      // Drawn the same, it goes again as late.
      if (goesAt <= Date.now()) goesAt = nextGoing();
      if (goesAt > Date.now()) askWithin(goesAt - Date.now());
      askWithin(live ? safety * (0.9 + Math.random() / 5) : turns);
    });
    return asking;
  }

  // The soonest of what is wanted.
  function askWithin(time) {
    if (Date.now() + time >= due) return;
    clearTimeout(timer);
    due = Date.now() + time;
    timer = setTimeout(() => { due = Infinity; ask(); }, time);
  }

  function tell(isLive) {
    live = isLive;
    element.dataset.state = live ? "live" : "turns";
    if (!says) return;
    says.textContent = live ? says.dataset.freshness : says.dataset.turns;
    says.classList.toggle("is-live", live);
  }

  // Lines of Server-Sent Events; the blank one after them ends an event.
  let named = "";
  function read(line) {
    const [, field, value] = /^([a-z]+): ?(.*)$/.exec(line) || [];
    if (field === "id") heard = value;
    if (field === "event") named = value;
    if (line !== "") return;
    if (named === "changed") askWithin(Math.max(0, askedAt + APART - Date.now()));
    if (named === "unsure") askWithin(Math.random() * LEISURE);
    named = "";
  }

  // Until it ends; the status of one that was refused.
  async function listen() {
    stop = new AbortController();
    let late = setTimeout(() => stop.abort(), OPENS);
    const awaitNext = () => { clearTimeout(late); late = setTimeout(() => stop.abort(), LIVES); };
    try {
      const headers = { "Live-Ticket": ticket, Accept: "text/event-stream" };
      if (heard) headers["Last-Event-ID"] = heard;
      const answer = await fetch(STREAM, { headers, cache: "no-store", redirect: "error", signal: stop.signal });
      if (answer.status !== 200 || !answer.body) return answer.status;
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return 200;
        if (!live) tell(true);
        awaitNext();
        const lines = (rest + value).split("\n");
        rest = lines.pop();
        lines.forEach(read);
      }
    } finally {
      clearTimeout(late);
      stop = null;
    }
  }

  async function keepListening() {
    if (listening || !ticket) return;
    listening = true;
    let wait = SHORTEST, renewed = false;
    while (!document.hidden && ticket) {
      let status = 0;
      try { status = await listen(); } catch { /* as one that is refused */ }
      wait = live ? SHORTEST : Math.min(LONGEST, wait * 2);
      if (live) renewed = false;
      tell(false);
      if (document.hidden || !ticket) break;
      askWithin(turns + upTo(turns));
      // A ticket is not good for long; whoever may still see the page gets another.
      if (status === 401 || status === 403) {
        heard = "";
        await ask();
        if (!renewed) { renewed = true; continue; }
      }
      await pause(upTo(wait));
    }
    listening = false;
    if (!document.hidden) keepListening();
  }

  // Nobody looks at a hidden page: it takes no connection from those that are looked at.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { stop?.abort(); return; }
    ask().then(keepListening);
  });
  // A laptop that slept has heard nothing of it.
  window.addEventListener("online", () => ask().then(keepListening));
  tell(false);
  askWithin(turns);
  keepListening();
}
document.querySelectorAll("[data-live]").forEach(follow);
})();
