
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
  Stripe = (apiKey) => {
    const stripe = localstripe(apiKey);
    stripe.confirmCardPayment = async (clientSecret, data) => {
      const id = clientSecret.split('_secret_')[0];
      const secret = {client_secret: clientSecret};
      const method = data.payment_method;
      const card = typeof method === 'string'
        ? {payment_method: method}
        : {payment_method_data: {type: 'card', card: method.card.value && method.card.value.card}};
      if (card.payment_method_data && !card.payment_method_data.card) {
        return {error: {type: 'validation_error', message: 'Your card number is incomplete.'}};
      }
      try {
        let intent = await ask(`${id}/confirm`, apiKey, {...secret, ...card});
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
