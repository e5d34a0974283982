"""Invented customers and prospects."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fleettui.demo import Stage

CUSTOMERS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "Northwind Robotics",
        {"tier": "Ultimate", "hosts": 4200, "zone": "America/New_York", "channel": "C01NORTHWIND"},
    ),
    ("Lumen Bakery Group", {"tier": "Premium", "hosts": 640, "zone": "Europe/Paris", "channel": "C02LUMEN"}),
    (
        "Tidewater Hospitals",
        {"tier": "Ultimate", "hosts": 11800, "zone": "America/Chicago", "channel": "C03TIDE"},
    ),
    (
        "Kestrel Analytics",
        {"tier": "Premium", "hosts": 210, "zone": "Europe/London", "channel": "C04KESTREL"},
    ),
    ("Oakline Schools", {"tier": "Premium", "hosts": 1900, "zone": "America/Denver", "channel": "C05OAK"}),
    ("Paperlane", {"tier": "Free", "hosts": 35, "zone": "Asia/Kolkata"}),
    (
        "Halden Shipping",
        {
            "kind": "sales-ready prospect",
            "hosts": 900,
            "zone": "Europe/Oslo",
            "lead_status": "working-to-convert",
            "priority": "sales-ready",
        },
    ),
    (
        "Brightfield Labs",
        {
            "kind": "prospect",
            "hosts": 120,
            "zone": "Australia/Sydney",
            "lead_status": "new-mql",
            "priority": "ads-running",
        },
    ),
    (
        "Quillmark Press",
        {
            "kind": "prospect",
            "hosts": 80,
            "zone": "Europe/Dublin",
            "lead_status": "new-enriched",
            "priority": "researched",
        },
    ),
    (
        "Ostrava Rail",
        {"kind": "prospect", "hosts": 2600, "zone": "Europe/Prague", "lead_status": "closed-do-not-contact"},
    ),
)
CONTACTS: tuple[tuple[str, str, dict[str, str]], ...] = (
    (
        "Northwind Robotics",
        "dana@northwind.example",
        {"name": "Dana Whitlock", "phone": "+1 212 555 0123", "phone_kind": "mobile"},
    ),
    ("Northwind Robotics", "leo@northwind.example", {"name": "Leo Marsh", "linkedin": "in/leo-marsh-demo"}),
    (
        "Lumen Bakery Group",
        "claire@lumen.example",
        {"name": "Claire Aubin", "phone": "+33 1 55 55 01 23", "phone_kind": "landline"},
    ),
    (
        "Tidewater Hospitals",
        "omar@tidewater.example",
        {"name": "Omar Haines", "phone": "+1 312 555 0148", "phone_kind": "mobile"},
    ),
    ("Kestrel Analytics", "fi@kestrel.example", {"name": "Fi Donnelly", "linkedin": "in/fi-donnelly-demo"}),
    ("Oakline Schools", "gus@oakline.example", {"name": "Gus Tanaka"}),
    ("Halden Shipping", "ingrid@halden.example", {"name": "Ingrid Solberg"}),
)
DEALS = (
    (
        "Northwind Robotics",
        "Northwind renewal",
        {"amount": 84000, "next_step": "Send the renewal quote"},
        12,
        0,
    ),
    ("Halden Shipping", "Halden first year", {"amount": 22000, "next_step": "Hold the handoff call"}, 1, 2),
    (
        "Brightfield Labs",
        "Brightfield pilot",
        {"amount": 6000, "next_step": "Ask whether it is still wanted"},
        58,
        -3,
    ),
)
"""Customer, opportunity, what is known of it, days since we were in touch, days until the next step."""
ANONYMOUS = ("Tidewater Hospitals", "Ceres")


def fill(stage: Stage) -> None:
    workspace = stage.at(stage.now - timedelta(days=90), "mara")
    owners = {"AE": "jonah", "CSM": "wen", "CSE": "tobias"}
    for name, fields in CUSTOMERS:
        workspace.customers.add(name, owners=owners, **fields)
    for name, email, contact in CONTACTS:
        workspace.customers.contact(workspace.customers.find(name).id, email, contact)
    for name, deal, opportunity, quiet, ahead in DEALS:
        last = (stage.now - timedelta(days=quiet)).date()
        due = (stage.now + timedelta(days=ahead)).date()
        known = workspace.customers.find(name)
        fields = {**opportunity, "last_contact": last, "next_step_due": due}
        workspace.customers.opportunity(known.id, deal, fields)
    hidden = workspace.customers.find(ANONYMOUS[0])
    workspace.customers.edit(hidden.id, {"anonymous": True, "codename": ANONYMOUS[1]})
