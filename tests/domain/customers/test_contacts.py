"""What people at customers are called, and how a text greets them. Rule SUP-3."""

from __future__ import annotations

import pytest

from fleettui.domain.customers.contacts import first_name, greeting_of
from fleettui.domain.customers.model import Contact, Customer, with_contact
from fleettui.errors import Refused

LEO = Contact(name="Marsh, Leo", email="leo@acme.example", slack="U0LEO")


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Leo Marsh", "Leo"),
        ("Marsh, Leo", "Leo"),
        ("Dr. Leo Marsh", "Leo"),
        ("Leo Marsh, PhD", "Leo"),
        ("van der Marsh, Leo J.", "Leo"),
        ("Marsh, Leo (Acme)", "Leo"),
        ("leo@acme.example", ""),
        ("U0LEO", ""),
        ("UABCDEFGH", ""),
        ("Ulrike", "Ulrike"),
        ("UWE", "UWE"),
        ("Acme", ""),
        ("Acme Support", ""),
        ("  ", ""),
    ],
)
def test_sup_3_a_greeting_has_the_first_name_or_none(name: str, first: str) -> None:
    assert first_name(name, "Acme") == first


@pytest.mark.parametrize("written", ["Marsh, Leo", "LEO@acme.example", "U0LEO"])
def test_sup_3_a_contact_is_greeted_whatever_they_are_known_by(written: str) -> None:
    assert greeting_of(written, [Contact(name="Dana"), LEO], "Acme") == "Leo"


def test_a_contact_gets_a_slack_id_that_is_one() -> None:
    acme = with_contact(Customer(id="C-1", name="Acme"), "leo@acme.example", {"slack": "<@u0leo>"})
    assert acme.contacts[0].slack == "U0LEO"
    assert with_contact(acme, "U0LEO", {"name": "Leo"}).contacts[0].name == "Leo"
    with pytest.raises(Refused, match="Copy member ID"):
        with_contact(acme, "leo@acme.example", {"slack": "@leo"})
