"use strict";

// A new card is given where one orders: the order is placed without leaving the page, then the card
// goes from Stripe's fields to Stripe. Whatever goes wrong leads on to the payment's own page.
(() => {
  // As on that page: what our style sheet says does not reach Stripe's fields.
  const STYLE = {
    base: { color: "#222", fontSize: "17px", "::placeholder": { color: "#595959" } },
    invalid: { color: "#a3160d" },
  };
  const NEW_CARD = "online_card", MOST_LOOKS = 8;
  const form = document.querySelector("form[data-card]");
  const place = document.getElementById("nouvelle-carte");
  if (!form || !place) return;
  const { js, key, account, locale, failed, incomplete } = place.dataset;
  const error = document.getElementById("carte-erreur");
  const keep = document.getElementById("garder");
  const button = form.querySelector(".button-order");
  let stripe = null, card = null, asked = false, missing = false, complete = false, busy = false;

  const chosen = () => new FormData(form).get("means") === NEW_CARD;

  function mount() {
    if (!window.Stripe) { lack(); return; }
    stripe = window.Stripe(key, account ? { stripeAccount: account, locale } : { locale });
    card = stripe.elements({ locale }).create("card", { hidePostalCode: true, style: STYLE });
    card.on("change", (event) => { complete = event.complete; error.textContent = ""; });
    card.mount("#carte");
  }

  // Without Stripe's script the card is given on the payment page, as without any.
  function lack() {
    missing = true;
    show();
  }

  // Stripe is asked for nothing, and told of nobody, before a card is to be given.
  function show() {
    place.hidden = missing || !chosen();
    if (place.hidden || asked) return;
    asked = true;
    const script = document.createElement("script");
    script.src = js;
    script.addEventListener("load", mount);
    script.addEventListener("error", lack);
    document.head.append(script);
  }
  form.addEventListener("change", show);
  show();

  function stop(message) {
    error.textContent = message;
    error.scrollIntoView({ block: "center" });
    busy = false;
    delete form.dataset.sent;
    button.removeAttribute("aria-busy");
  }

  // The page of the payment, once Stripe was told of it; anything else is gone to.
  async function payment(address) {
    let path = address;
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const answer = await fetch(path, { cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const again = page.querySelector("a[data-again]");
      if (!again) return answer.ok ? page.getElementById("payer") : null;
      await new Promise((resume) => { setTimeout(resume, again.dataset.again * 1000); });
      path = again.getAttribute("href");
    }
    return null;
  }

  async function order() {
    const answer = await fetch(form.action, {
      method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-In-Place": "yes" },
    });
    const told = (answer.headers.get("Content-Type") || "").includes("json");
    // Something is missing or wrong: the page says what, drawn anew.
    if (!answer.ok || !told) { form.submit(); return; }
    const { location: next } = await answer.json();
    const pay = next.includes("/paiement") ? await payment(next) : null;
    if (!pay || (pay.dataset.account || "") !== account) { location.assign(next); return; }
    const usage = keep && keep.checked ? { setup_future_usage: "on_session" } : {};
    const result = await stripe.confirmCardPayment(pay.dataset.secret, { payment_method: { card }, ...usage });
    const { type, message } = result.error || {};
    if (type === "validation_error") { stop(message); return; }
    // What came of it the server asks Stripe itself.
    document.body.append(document.adoptNode(pay));
    pay.submit();
  }

  form.addEventListener("submit", (event) => {
    if (!chosen() || !card) return;
    event.preventDefault();
    if (busy) return;
    if (!complete) { stop(incomplete); return; }
    busy = true;
    error.textContent = "";
    order().catch(() => stop(failed));
  });
  // Back by the browser, one may press again.
  window.addEventListener("pageshow", (event) => { if (event.persisted) busy = false; });
})();
