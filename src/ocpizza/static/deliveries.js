"use strict";

// What a driver taps is kept on the telephone until the site has answered: each tap has an id,
// by which the site does it once however often it comes.
(() => {
  const list = document.getElementById("attente");
  const board = document.getElementById("tableau");
  if (!list || !board || !("indexedDB" in window) || !crypto.randomUUID) return;
  const { page, copy, worker, tap: address } = list.dataset;
  const driver = document.body.dataset.account;
  const STATIC = "livraisons-static", OWN = `livraisons-${driver}`;
  const LONGEST = 60, PATIENCE = 20000;
  const ticketOf = (number) => `${page}/ticket/${number}`;

  // ---- What waits ----

  const opened = new Promise((resolve, reject) => {
    const asked = indexedDB.open("ocpizza-livraisons", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("taps", { keyPath: "place", autoIncrement: true });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  async function stored(mode, act) {
    const database = await opened;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction("taps", mode, { durability: "strict" });
      const asked = act(transaction.objectStore("taps"));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }
  // A colleague who signed in on the same telephone does not send what the first one pressed.
  async function waiting() {
    const all = await stored("readonly", (taps) => taps.getAll());
    return all.filter((tap) => tap.driver === driver && tap.page === page);
  }

  async function press(taps) {
    const already = await waiting();
    for (const tap of taps) {
      if (already.some(({ kind, order }) => kind === tap.kind && order === tap.order)) continue;
      const kept = { ...tap, key: crypto.randomUUID(), driver, page, at: Date.now() };
      await stored("readwrite", (store) => store.add(kept));
    }
    await show();
    // As on a page that was loaded anew: with the keyboard one goes on from the top of the orders.
    document.getElementById("contenu").focus({ preventScroll: true });
    send();
  }

  // ---- What is pressed ----

  board.addEventListener("submit", (event) => {
    const form = event.target;
    const taps = read(form);
    if (!taps) return;
    event.preventDefault();
    // Where nothing can be kept, it is sent as any form.
    if (taps.length) press(taps).catch(() => form.submit());
  });

  function read(form) {
    const given = new FormData(form);
    const number = form.closest("article")?.querySelector(".ticket-number")?.textContent;
    if (form.matches(".departure")) {
      const orders = given.getAll("order");
      return orders.length ? orders.map((order) => ({ kind: "take", order })) : null;
    }
    if (form.matches(".nobody")) return [{ kind: "nobody", order: number }];
    if (given.get("after") !== "delivered") return null;
    const tendered = given.get("tendered") || "";
    const due = form.querySelector("[data-due]");
    const cents = Math.round(Number(tendered.replace(",", ".")) * 100);
    // What is wrong with the sum is said before the driver has left the door.
    if (due && tendered && !(cents >= Number(due.dataset.due))) { due.focus(); return []; }
    return [{
      kind: "deliver", order: number, means: given.get("means") || "", tendered, back: given.get("given_back") || "",
      due: given.get("due") || "",
    }];
  }

  // ---- What is sent ----

  let sending = false, pause = 0, timer = 0, signIn = false;

  async function send() {
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    try {
      for (let [first] = await waiting(); first; [first] = await waiting()) {
        const answer = await ask(first);
        if (answer === null) { signIn = true; break; }
        signIn = false;
        await stored("readwrite", (taps) => taps.delete(first.place));
        pause = 0;
        tell(answer);
        renew();
      }
    } catch {
      pause = Math.min(LONGEST, pause * 2 || 2);
      timer = setTimeout(send, pause * 1000 * (0.5 + Math.random() / 2));
    } finally {
      sending = false;
      show().catch(() => {});
    }
  }

  // Its answer; null where somebody has to sign in first; an error where it is to be asked again.
  async function ask(tap, again = true) {
    const seconds = Math.round((Date.now() - tap.at) / 1000);
    const body = new URLSearchParams({
      csrf_token: document.body.dataset.csrf, driver, key: tap.key, kind: tap.kind, order: tap.order,
      waited: seconds, means: tap.means || "", tendered: tap.tendered || "",
      given_back: tap.back || "", due: tap.due || "",
    });
    const answer = await fetch(address, {
      method: "POST", body, redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status === 200 || answer.status === 422) return answer.json();
    if (answer.status === 400 && again && await newToken()) return ask(tap, false);
    if (answer.type === "opaqueredirect" || [400, 403, 409].includes(answer.status)) return null;
    throw new Error(answer.status);
  }

  // The page may be a copy of before its driver signed in anew.
  async function newToken() {
    const answer = await fetch(page, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status !== 200) return false;
    const today = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    if (today.dataset.account !== driver) return false;
    useToken(today.dataset.csrf);
    return true;
  }

  function tell({ kind, texts }) {
    const notices = document.getElementById("notices");
    for (const text of texts) {
      const notice = document.createElement("p");
      notice.className = `notice notice-${kind}`;
      notice.textContent = text;
      notices.append(notice);
    }
    while (notices.children.length > 4) notices.firstElementChild.remove();
  }

  // The board asks again at once.
  function renew() {
    document.dispatchEvent(new Event("visibilitychange"));
  }

  // ---- What is seen ----

  const find = (number) => [...board.querySelectorAll("article")].find((ticket) => ticket.querySelector(".ticket-number")?.textContent === number);

  // One drawing after the other: an older one never comes last.
  let shown = Promise.resolve();
  function show() {
    shown = shown.catch(() => {}).then(draw);
    return shown;
  }

  async function draw() {
    const taps = await waiting();
    list.replaceChildren(...taps.map(line));
    if (signIn && taps.length) {
      const item = document.createElement("li"), link = document.createElement("a");
      link.href = page;
      link.textContent = list.dataset.signIn;
      item.append(link);
      list.append(item);
    }
    for (const tap of taps) await mark(tap);
    board.querySelectorAll(".departure").forEach((form) => {
      form.hidden = !form.querySelector("article:not([hidden])");
    });
    const nothing = board.querySelector(".empty");
    if (nothing) nothing.hidden = Boolean(board.querySelector("article:not([hidden])"));
  }

  function line(tap) {
    const item = document.createElement("li");
    const said = tap.kind === "take" ? `${list.dataset.take} ${tap.order}` : `${tap.order} : ${list.dataset[tap.kind]}`;
    item.textContent = `${said} · ${list.dataset.waits}`;
    return item;
  }

  async function mark({ kind, order }) {
    let ticket = find(order);
    if (kind === "take" && !ticket?.matches(".delivery")) {
      const taken = await ticketTaken(order, ticket);
      if (ticket) {
        ticket.hidden = true;
        ticket.querySelector("input[name=order]").checked = false;
        ticket.querySelectorAll(".ticket-number").forEach((link) => link.classList.remove("ticket-number"));
      }
      if (taken) board.prepend(taken);
    }
    if (kind === "nobody") ticket?.querySelector(".nobody")?.remove();
    if (kind === "deliver") ticket?.querySelectorAll("form, .actions").forEach((part) => part.remove());
    ticket?.classList.toggle("ticket-waits", kind !== "take");
  }

  // Kept beside the copy, so that it goes when that goes: its address is nobody else's business.
  async function ticketTaken(number) {
    const kept = await caches.open(OWN);
    const template = board.querySelector(`template[data-ticket="${CSS.escape(number)}"]`);
    if (template) {
      await kept.put(ticketOf(number), new Response(template.innerHTML, { headers: { "Content-Type": "text/html; charset=utf-8" } }));
    }
    const html = template?.innerHTML ?? await (await kept.match(ticketOf(number)))?.text();
    if (!html) return null;
    const made = document.createElement("template");
    made.innerHTML = html;
    return made.content.querySelector("article");
  }

  // ---- What opens without network ----

  async function keepCopy() {
    if (!("serviceWorker" in navigator) || document.getElementById("copie")) return;
    const answer = await fetch(copy, { redirect: "error", cache: "no-store" });
    if (answer.status !== 200) return;
    const own = await caches.open(OWN), taken = (await waiting()).map((tap) => ticketOf(tap.order));
    await own.put(page, answer);
    for (const { url } of await own.keys()) {
      const path = decodeURI(new URL(url).pathname);
      if (path !== page && !taken.includes(path)) await own.delete(url);
    }
    const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((part) => part.href || part.src);
    const kept = await caches.open(STATIC);
    for (const old of await kept.keys()) if (!files.includes(old.url)) await kept.delete(old);
    for (const file of files) if (!await kept.match(file)) await kept.add(file);
  }

  navigator.serviceWorker?.register(worker, { scope: page }).catch(() => {});
  board.addEventListener("renewed", () => {
    document.getElementById("copie")?.remove();
    show().catch(() => {});
    keepCopy().catch(() => {});
  });
  window.addEventListener("online", () => { pause = 0; send(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !sending) send(); });
  show().then(send, () => {});
  keepCopy().catch(() => {});
})();
