"use strict";

// The card goes from Stripe's fields to Stripe; what came of it the server asks Stripe itself.
(() => {
  const form = document.getElementById("payer");
  if (!form || !window.Stripe) return;
  const { key, secret, account, locale, failed } = form.dataset;
  const stripe = window.Stripe(key, account ? { stripeAccount: account, locale } : { locale });
  const card = stripe.elements({ locale }).create("card", { hidePostalCode: true });
  const error = document.getElementById("carte-erreur");
  const button = form.querySelector("button");
  form.hidden = false;
  document.getElementById("sans-script").hidden = true;
  card.mount("#carte");

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
      const result = await stripe.confirmCardPayment(secret, { payment_method: { card } });
      if (result.error && result.error.type === "validation_error") { stop(result.error.message); return; }
      form.submit();
    } catch {
      stop(failed);
    }
  });
})();
