
// Ours: localstripe confirms no card of a payment, it only asks its 3-D Secure question.
(() => {
  const localstripe = Stripe;
  const ask = async (path, apiKey, fields) => {
    const response = await fetch(`${LOCALSTRIPE_BASE_API}/v1/payment_intents/${path}`, {
      method: 'POST',
      body: JSON.stringify({key: apiKey, quiet: true, ...fields}),
    });
    return response.json();
  };
  const NAMES = {number: 'Numéro de carte', exp_month: 'Mois', exp_year: 'Année', cvc: 'Code de sécurité'};
  const KNOWN = {number: 'cc-number', exp_month: 'cc-exp-month', exp_year: 'cc-exp-year', cvc: 'cc-csc'};
  // Its fields have no names that a screen reader could say, and ask for what the shop hides.
  const mount = Element.prototype.mount;
  Element.prototype.mount = function (place) {
    mount.call(this, place);
    for (const [field, input] of Object.entries(this._inputs)) {
      input.hidden = !(field in NAMES);
      input.setAttribute('aria-label', NAMES[field] || field);
      input.placeholder = NAMES[field] || field;
      input.inputMode = 'numeric';
      input.autocomplete = KNOWN[field] || 'off';
      Object.assign(input.style, {maxWidth: '100%', background: '#fff', color: '#222'});
    }
    this._domChildren[0].hidden = true;
  };
  // It says of a change nothing but that there was one.
  const on = Element.prototype.on;
  Element.prototype.on = function (event, handler) {
    on.call(this, event, () => {
      const {number, exp_month: month, exp_year: year, cvc} = this.value.card;
      handler({complete: number.length >= 16 && month !== '' && year.length >= 4 && cvc.length >= 3});
    });
  };
  Stripe = (apiKey, options) => {
    const stripe = localstripe(apiKey);
    const account = options && options.stripeAccount ? {_stripe_account: options.stripeAccount} : {};
    stripe.confirmCardPayment = async (clientSecret, data) => {
      const id = clientSecret.split('_secret_')[0];
      const secret = {client_secret: clientSecret, ...account};
      const method = data.payment_method;
      const card = typeof method === 'string'
        ? {payment_method: method}
        : {payment_method_data: {type: 'card', card: method.card.value && method.card.value.card}};
      if (card.payment_method_data && !card.payment_method_data.card) {
        return {error: {type: 'validation_error', message: 'Your card number is incomplete.'}};
      }
      try {
        const usage = {setup_future_usage: data.setup_future_usage};
        let intent = await ask(`${id}/confirm`, apiKey, {...secret, ...card, ...usage});
        if (intent.status === 'requires_action') {
          const success = await openModal('3D Secure', 'Complete authentication', 'Fail authentication');
          intent = await ask(`${id}/_authenticate`, apiKey, {...secret, success});
        }
        const error = intent.error || intent.last_payment_error;
        return error ? {error} : {paymentIntent: intent};
      } catch (failure) {
        return {error: {type: 'api_connection_error', message: String(failure)}};
      }
    };
    return stripe;
  };
})();
