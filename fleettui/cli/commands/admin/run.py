"""Shows the steps of a plan, does them and proves them."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from fleettui.cli.commands.admin.machine import Machine
from fleettui.cli.commands.admin.plan import Step
from fleettui.cli.commands.admin.proofs import Proof, proof_of


def show(steps: Sequence[Step], machine: Machine) -> None:
    """What is done already in a line; the others with their difference or commands."""
    for step in steps:
        if step.is_done:
            print(f"✓ {step.what}")
            continue
        later = "" if machine.can_do(step) else " — on the machine itself: run this command there once more"
        print(f"+ {step.what}: {step.why}{later}")
        for line in step.shown.splitlines():
            print(f"    {line}")
    sys.stdout.flush()


def do(steps: Sequence[Step], machine: Machine, *, quiet: bool) -> None:
    for step in steps:
        machine.do(step)
        if not quiet:
            print(f"done: {step.what}", flush=True)


def prove(steps: Sequence[Step], machine: Machine, *, quiet: bool) -> list[Proof]:
    """Each proof once, whatever was done now and whatever before."""
    wanted = dict.fromkeys(proof for step in steps for proof in step.proofs)
    proofs = []
    for name, wishes in wanted:
        proof = proof_of(name, wishes, machine)
        if proof is None:
            continue
        proofs.append(proof)
        if not quiet:
            print(f"{'proven' if proof.ok else '✗ NOT PROVEN'}: {proof.what}: {proof.seen}", flush=True)
    return proofs
