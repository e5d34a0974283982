"""What Slack's errors mean for an answer: what to do about it, in words, and when to try again."""

from __future__ import annotations

from datetime import timedelta

from fleettui.connect.slack_web import NotReached, RateLimited, Refusal, SlackError

SOON = timedelta(seconds=10)
WHEN_MENDED = timedelta(minutes=5)

_NEVER = {
    "channel_not_found": "Slack knows no such channel, or the app may not see it; invite the app there",
    "not_in_channel": "the app is not in the channel; type /invite and the app's name there",
    "is_archived": "the channel is archived",
    "msg_too_long": "the text is too long for Slack",
    "no_text": "there is no text in it",
    "restricted_action": "the workspace's settings do not let the app post there",
    "restricted_action_read_only_channel": "the channel is read-only",
    "restricted_action_thread_only_channel": "the channel takes answers in threads alone",
    "restricted_action_non_threadable_channel": "the channel takes no answers in threads",
    "restricted_action_thread_locked": "the thread is locked",
    "cannot_reply_to_message": "Slack takes no answers to that message",
    "message_not_found": "the message is gone",
    "thread_not_found": "the thread is gone",
    "metadata_hidden": "Slack does not show which post is which; the app needs metadata.message:read",
}
_FOR_THE_ADMINISTRATOR = {
    "invalid_auth": "Slack does not accept the token",
    "not_authed": "there is no token",
    "token_revoked": "the token was revoked",
    "token_expired": "the token has expired",
    "account_inactive": "the app was removed from the Slack workspace",
    "missing_scope": "the app lacks a scope",
    "no_permission": "the token lacks a permission",
    "not_allowed_token_type": "it is the wrong kind of token",
    "access_denied": "Slack denies the app access",
    "accesslimited": "Slack is not to be used from this network",
    "ekm_access_denied": "administrators have suspended posting",
    "org_login_required": "the Slack workspace is moving to another organisation",
    "team_added_to_org": "the Slack workspace is moving to another organisation",
    "team_access_not_granted": "the app is not granted to this Slack workspace",
    "link_disabled": "Socket Mode is switched off in the app's settings",
    "two_factor_setup_required": "the Slack workspace wants two-factor sign-in",
}
_FOR_A_WHILE = {"request_timeout": "the request was cut on its way", "team_not_found": "Slack is not ready"}


def in_words(error: SlackError) -> str:
    """Slack's own word first: it can be looked up."""
    if not isinstance(error, Refusal):
        return str(error)
    meaning = _NEVER.get(error.code) or _FOR_THE_ADMINISTRATOR.get(error.code) or _FOR_A_WHILE.get(error.code)
    needed = f" ({error.needed})" if error.needed else ""
    return f"{error.code}: {meaning}{needed}" if meaning else f"Slack says {error.code}{needed}"


def again_after(error: SlackError) -> timedelta | None:
    """How long to wait before another try; None where it would never help."""
    if isinstance(error, RateLimited):
        return error.after
    if not isinstance(error, Refusal):
        return SOON
    if error.code in _FOR_THE_ADMINISTRATOR:
        return WHEN_MENDED
    return SOON if error.code in _FOR_A_WHILE else None


def is_of_connection(error: SlackError) -> bool:
    """Whether it would meet every answer, and not this one alone."""
    return isinstance(error, NotReached) or (
        isinstance(error, Refusal) and error.code in _FOR_THE_ADMINISTRATOR
    )
