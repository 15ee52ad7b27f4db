"use strict";

// The card goes from Stripe's fields to Stripe; what came of it the server asks Stripe itself.
(() => {
  // Stripe's own page in ours: what our style sheet says does not reach it.
  const STYLE = {
    base: { color: "#222", fontSize: "17px", "::placeholder": { color: "#595959" } },
    invalid: { color: "#a3160d" },
  };
  const form = document.getElementById("payer");
  if (!form || !window.Stripe) return;
  const { key, secret, account, locale, failed, gone } = form.dataset;
  const stripe = window.Stripe(key, account ? { stripeAccount: account, locale } : { locale });
  const card = stripe.elements({ locale }).create("card", { hidePostalCode: true, style: STYLE });
  const error = document.getElementById("carte-erreur");
  const button = form.querySelector("button");
  const newCard = document.getElementById("nouvelle-carte");
  const keep = document.getElementById("garder");
  form.hidden = false;
  document.getElementById("sans-script").hidden = true;
  card.mount("#carte");

  // A saved one, by its id at Stripe; "" where another card is given.
  const saved = () => (form.querySelector("[name=carte]:checked") || { value: "" }).value;
  const showFields = () => { newCard.hidden = Boolean(saved()); error.textContent = ""; };
  form.addEventListener("change", showFields);
  showFields();

  function payment() {
    if (saved()) return { payment_method: saved() };
    const usage = keep && keep.checked ? { setup_future_usage: "on_session" } : {};
    return { payment_method: { card }, ...usage };
  }

  function stop(message) {
    error.textContent = message;
    delete form.dataset.busy;
    button.removeAttribute("aria-busy");
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    button.setAttribute("aria-busy", "true");
    error.textContent = "";
    try {
      const result = await stripe.confirmCardPayment(secret, payment());
      const { type, code, message } = result.error || {};
      if (type === "validation_error") { stop(message); return; }
      const unusable = saved() && type === "invalid_request_error" && !String(code).startsWith("payment_intent_");
      if (unusable) { stop(gone); return; }
      form.submit();
    } catch {
      stop(failed);
    }
  });
})();
