"""A Stripe on loopback for tests and the demo: localstripe, made as strict as Stripe itself.

Making customers and payment methods, the reading of forms and the Card Element are localstripe's.
Ours, since localstripe has them not or too lenient: payment intents (manual capture, confirmation
with a publishable key, declines, states, connected accounts), refunds (never more than was
captured), customers and cards that are removed, idempotency keys, webhooks (at once, of version
2020-08-27, also of what is cancelled and refunded), no file in /tmp, no address but loopback, and
faults on demand (`faults`).
"""
