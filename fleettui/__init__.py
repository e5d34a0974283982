"""A terminal for a customer team: rituals, customer calls, the support queue and playbooks."""

__version__ = "0.1.0"
