"""An order keeps no key of the form that made it, only a proof that a session has both."""

import re

import pytest

from ocpizza.domain.checkout import StaleCheckout
from ocpizza.services.checkout.proof import checkout_proof


def test_a_proof_is_the_same_each_time_and_says_neither_key_nor_token():
    proof = checkout_proof("token-of-a-basket", "key-of-a-form")
    assert proof == checkout_proof("token-of-a-basket", "key-of-a-form")
    assert re.fullmatch(r"[\w-]{43}", proof)
    assert "token" not in proof
    assert "key" not in proof


@pytest.mark.parametrize(("token", "key"), [("b", "k"), ("a", "l"), ("k", "a")])
def test_another_token_or_key_is_another_proof(token, key):
    assert checkout_proof(token, key) != checkout_proof("a", "k")


@pytest.mark.parametrize("missing", [None, ""])
def test_nothing_proves_nothing(missing):
    for pair in ((missing, "key"), ("token", missing), (missing, missing)):
        with pytest.raises(StaleCheckout):
            checkout_proof(*pair)
