"""Runs of playbooks: a deal that is being signed, a quote that waits for its approval, a review that is late, and one for me."""

from __future__ import annotations

from datetime import timedelta

from fleettui.demo import Stage
from fleettui.domain.playbooks.runs import PlaybookRun
from fleettui.workspace.workspace import Workspace


def fill(stage: Stage) -> None:
    _deal(stage)
    _quote(stage)
    _contract(stage)
    _sandbox(stage)
    _proof_of_value(stage)
    _closed(stage)


def _ago(stage: Stage, login: str, **span: float) -> Workspace:
    return stage.at(stage.now - timedelta(**span), login)


def _tick(workspace: Workspace, run: PlaybookRun, *steps: str) -> None:
    for step in steps:
        workspace.playbooks.tick(run.id, step)


def _deal(stage: Stage) -> None:
    """Halden has signed; BizOps files the contract, the AE gets the handoff ready."""
    begun = _ago(stage, "jonah", days=6)
    run = begun.playbooks.start("close-a-deal", "Halden", answers={"own-contract": False, "docusign": True})
    _tick(begun, run, "sanctions")
    _approve(stage, begun, run)
    _tick(_ago(stage, "jonah", days=5, hours=18), run, "send-docusign")
    signed = _ago(stage, "jonah", days=1, hours=3)
    _tick(signed, run, "customer-signed")
    day = (stage.now - timedelta(days=1)).date().isoformat()
    signed.playbooks.fill(run.id, "close-date", day)
    _tick(signed, run, "signed", "contract-recorded", "closed-won")
    today = _ago(stage, "jonah", hours=2)
    _tick(today, run, "business-objectives")
    _tick(_ago(stage, "priya", hours=1), run, "technical-objectives")


def _approve(stage: Stage, begun: Workspace, run: PlaybookRun) -> None:
    """The quote of the deal, from which the deal has its approval (PLAY-3)."""
    (link,) = begun.playbooks.open(run.id, "approved")
    quote = begun.playbooks.find(link.id)
    begun.playbooks.answer_all(quote.id, {"document": "purchase order", "special-terms": False})
    begun.playbooks.fill(quote.id, "quote-link", "https://docs.fleetdemo.example/halden-order")
    _tick(begun, quote, "sanctions", "prepare")
    _tick(_ago(stage, "salma", days=5, hours=20), quote, "approval")
    _tick(_ago(stage, "jonah", days=5, hours=19), quote, "send-order")


def _quote(stage: Stage) -> None:
    begun = _ago(stage, "wen", days=1)
    run = begun.playbooks.start(
        "send-a-quote", "Northwind", answers={"document": "quote", "special-terms": False}
    )
    _tick(begun, run, "sanctions")
    begun.playbooks.fill(run.id, "quote-link", "https://docs.fleetdemo.example/northwind-renewal")
    _tick(_ago(stage, "wen", hours=5), run, "prepare")


def _contract(stage: Stage) -> None:
    """Two business days have long passed."""
    begun = _ago(stage, "wen", days=8)
    run = begun.playbooks.start("submit-a-contract", "Lumen", answers={"exception": False, "nda": False})
    effective = (stage.now + timedelta(days=20)).date().isoformat()
    link = "https://docs.fleetdemo.example/lumen-draft-2.docx"
    begun.playbooks.fill_all(run.id, {"effective-date": effective, "draft-link": link})
    _tick(begun, run, "dates", "submit")


def _sandbox(stage: Stage) -> None:
    """Mine: only before it expires."""
    begun = _ago(stage, "mara", hours=20)
    run = begun.playbooks.start("extend-a-sandbox-trial", "Paperlane")
    expires = (stage.now + timedelta(days=1)).date()
    begun.playbooks.fill_all(
        run.id,
        {
            "expires-on": expires.isoformat(),
            "new-expiry": (expires + timedelta(days=5)).isoformat(),
            "requester-email": "asha@paperlane.example",
        },
    )
    _tick(begun, run, "request")
    for step in ("issue", "extended"):
        begun.playbooks.hand_over(run.id, step, stage.me)


def _proof_of_value(stage: Stage) -> None:
    begun = _ago(stage, "priya", days=3)
    run = begun.playbooks.start("proof-of-value", "Brightfield", answers={"own-server": True})
    _tick(_ago(stage, "jonah", days=2), run, "stage")


def _closed(stage: Stage) -> None:
    finished = _ago(stage, "noor", days=2)
    run = finished.playbooks.start("w9-and-payment", "Oakline", answers={"w9": True, "wire": False})
    _tick(finished, run, "w9-copy", "w9-send")
    dropped = _ago(stage, "jonah", days=4)
    gone = dropped.playbooks.start("vendor-questionnaire", "Kestrel", answers={"pending": False})
    dropped.playbooks.cancel(gone.id, "they found all of it on the trust page")
