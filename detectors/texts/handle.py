"""User names: `@kari_n` beside the name of a network, `snap: karinord`, `brukernavn: kari_n`."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from detectors.folding import screened
from detectors.texts.lexicon import is_never
from detectors.texts.recognizer import Found, TextRecognizer

_NETWORK = (
    r"(?:instagram|insta|ig|snapchat|snap|snapp|tiktok|facebook|messenger|twitter|telegram|discord|"
    r"linkedin|threads|bluesky|mastodon|twitch|youtube|reddit|skype|signal|steam)"
)
_USER = (
    r"(?:brukernavn(?:et)?|brukarnamn(?:et)?|bruker|brukar|username|user name|user id|login|"
    r"innloggingsnavn|nick|handle)"
)
_HANDLE = r"[\p{L}0-9](?:[\p{L}\p{M}0-9._-]{0,38}[\p{L}\p{M}0-9_])"
_AT = regex.compile(rf"(?<![\p{{L}}\p{{M}}0-9._%+-])@{_HANDLE}(?![@])", regex.IGNORECASE)
_NEAR = regex.compile(rf"(?<![\p{{L}}\p{{M}}]){_NETWORK}", regex.IGNORECASE)
_NAMED = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}])(?:{_NETWORK}|{_USER})(?:en|kontoen|kontoen min| min| mi| my)?"
    rf"[ ]?(?:[:=]|er|is|heter|name is)[ ]{{0,2}}[\"']?(?P<handle>@?{_HANDLE})",
    regex.IGNORECASE,
)
# "logge inn som kari_n", "kontoen kari88 stenges": only what no word looks like.
_LOGGED = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}])(?:logge[trn]?[ ](?:meg[ ])?inn[ ]som|innlogging[ ]med|logged[ ]in[ ]as|log[ ]in[ ]as|kontoen|"
    rf"account|brukeren|bruker|brukar|user)[ ](?:min[ ]|is[ ]|er[ ]|for[ ])?[\"'«]?(?P<handle>{_HANDLE})",
    regex.IGNORECASE,
)
_MADE = regex.compile(r"\p{L}.*[_0-9]|\p{L}\.\p{L}.*[0-9_]")
_TELLING = regex.compile(r"[0-9._@-]")
_WINDOW = 60  # characters around an @ in which the network is named


class HandleRecognizer(TextRecognizer):
    """Finds names of accounts at social networks and of users."""

    ENTITY = "USERNAME"
    CATEGORY = "user.account.username"
    RANK = 88
    SCREEN = screened(rf"@|{_NETWORK}|{_USER}|inn som|innlogging|in as|kontoen|account")

    def find(self, text: str) -> Iterator[Found]:
        """Handles with an at sign near a network, or behind a label."""
        for match in _AT.finditer(text):
            around = text[max(0, match.start() - _WINDOW) : match.end() + _WINDOW]
            yield *match.span(), 0.7 if _NEAR.search(around) else 0.5
        for match in _LOGGED.finditer(text):
            handle = match["handle"]
            if _MADE.match(handle) and text[match.end() : match.end() + 1] != "@":
                yield *match.span("handle"), 0.6
        for match in _NAMED.finditer(text):
            handle = match["handle"]
            labelled = ":" in match.group() or "=" in match.group()
            telling = _TELLING.search(handle) is not None
            if handle[0].isupper() and not telling:
                continue  # "Messenger: Kari Nordmann" is a name
            is_mail = "@" in handle[1:] or text[match.end() : match.end() + 1] == "@"
            if (telling or labelled) and not is_mail and not is_never(handle.casefold()):
                yield *match.span("handle"), 0.65
