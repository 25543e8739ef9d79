"""User names: `@kari_n` beside the name of a network, `snap: karinord`, `brukernavn: kari_n`."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from detectors.folding import screened
from detectors.texts.lexicon import is_given, is_never, is_surname, plain
from detectors.texts.recognizer import Found, TextRecognizer

_NETWORK = (
    r"(?:instagram|insta|ig|snapchat|snap|snapp|tiktok|facebook|messenger|twitter|telegram|discord|"
    r"linkedin|threads|bluesky|mastodon|twitch|youtube|reddit|skype|signal|steam|wechat|vipps|strava|spotify)"
)
_USER = (
    r"(?:brukernavn(?:et)?|brukarnamn(?:et)?|bruker|brukar|username|user name|user id|login|"
    r"innloggingsnavn|nick|nicket|handle|gamer ?tag|skjermnavn|profilnavn|profilnamn|psn|xbox(?: live)?|alias)"
)
_HANDLE = r"[\p{L}0-9](?:[\p{L}\p{M}0-9._-]{0,38}[\p{L}\p{M}0-9_])"
_AT = regex.compile(rf"(?<![\p{{L}}\p{{M}}0-9._%+-])@{_HANDLE}(?![@])", regex.IGNORECASE)
_NEAR = regex.compile(rf"(?<![\p{{L}}\p{{M}}]){_NETWORK}", regex.IGNORECASE)
_NAMED = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}])(?:{_NETWORK}|{_USER})(?:-?(?:en|n|et|navnet|namnet|navn|namn|kontoen|brukeren|profilen|id))?(?: min| mitt| mi| my)?"
    rf"[ ]?(?:[:=]|er|e|is|heter|heiter|name is)[ ]{{0,2}}[\"']?(?P<handle>@?{_HANDLE}(?:\#[0-9]{{3,5}})?)",
    regex.IGNORECASE,
)
# "logge inn som kari_n", "kontoen kari88 stenges": only what no word looks like.
_LOGGED = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}])(?:logge[trn]?[ ](?:meg[ ])?inn[ ]som|innlogging[ ]med|logged[ ]in[ ]as|log[ ]in[ ]as|kontoen|"
    rf"account|brukeren|bruker|brukar|user)[ ](?:min[ ]|is[ ]|er[ ]|for[ ])?[\"'«]?(?P<handle>{_HANDLE})",
    regex.IGNORECASE,
)
# "logget inn som sveinhaug og": a word that says nothing else of who is logged in.
_AS = regex.compile(
    r"(?<![\p{L}\p{M}])(?:(?:logg(?:e|et|a|er|ar)?|logged|log)[ ](?:meg[ ])?(?:inn|in)[ ](?:som|as)|inne[ ]som)[ ][\"'«]?"
    r"(?P<handle>[\p{Ll}0-9][\p{Ll}\p{M}0-9._-]{3,30})(?=[\"'»]?(?:[ ]?[.,;!?)\n]|[ ]?$|[ ](?:og|å|men|and|but|nå|no|now|når|når)(?![\p{L}])))"
)
_ROLES = frozenset(
    [
        "gjest",
        "guest",
        "admin",
        "administrator",
        "kunde",
        "kunden",
        "privatkunde",
        "bedrift",
        "bedriftskunde",
        "privatperson",
        "bruker",
        "brukar",
        "user",
        "medlem",
        "ansatt",
        "firma",
        "meg",
        "selv",
        "sjølv",
        "vanlig",
        "vanleg",
        "annen",
        "another",
        "someone",
        "customer",
        "member",
    ]
)
# "Hvem er jms_admin?", "legg til gamle_ola"
_WHO = regex.compile(
    r"(?<![\p{L}\p{M}])(?:hvem er|kven er|who is|adde?|legge? til|leggje? til|følge?|follow|fra brukeren|blokker)[ ](?P<handle>\p{Ll}[\p{Ll}0-9]*_[\p{Ll}0-9_]*[\p{Ll}0-9])"
    r"(?![\p{L}0-9_@/\\(=-]|\.[\p{L}0-9])",
    regex.IGNORECASE,
)
# A made-up name before or behind that of a network: "heter turglad84 på strava".
_THERE = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}])(?:(?:heter|heiter|hete|er|e|am|is|called|som|as)[ ][\"'«]?(?P<handle>{_HANDLE})[\"'»]?[ ](?:på|on|i|in)[ ]{_NETWORK}"
    rf"|(?:på|on|via)[ ]{_NETWORK}[ ]?(?:[,(:]|-)[ ]?[\"'«]?(?P<handle>@?{_HANDLE}))",
    regex.IGNORECASE,
)
# Logs: `10.0.0.1 - knutb [12/Mar`, `user=knutb`, `password for knutb from`; who speaks in a chat: `<knutb>`.
_LOGS = regex.compile(
    r"(?:(?<=[0-9a-f] - )(?P<handle>[a-z][a-z0-9._-]{1,30})(?= \[[0-9]{1,2}/)"
    r"|(?<![\p{L}])(?i:user|usr|uid|username|login|acct|account|owner|bruker|brukar|brukerid|pålogget|innlogget)[=][\"']?(?P<handle>[a-z][a-z0-9._-]{1,30})"
    r"|(?<![\p{L}])(?i:for user|for invalid user|password for|publickey for|session opened for user|logon by|login by|innlogging av|pålogging av|"
    r"login failed for|innlogging feilet for)[ ][\"']?(?P<handle>[a-z][a-z0-9._-]{2,30})"
    r"|(?<![\p{L}])(?i:endret av|endra av|opprettet av|oppretta av|slettet av|sletta av|registrert av|lastet opp av|utført av|changed by|created by|updated by|deleted by|"
    r"uploaded by|approved by|godkjent av|tildelt|assigned to)[ ]?:?[ ](?P<handle>[a-z]{2,}(?:[._][a-z0-9]+|[0-9]{1,4}))"
    r"|(?m:^)[\[(]?(?:[0-9:.]{4,8}[\])]?[ ])?<(?P<handle>[a-z][a-z0-9._-]{2,30})>"
    r"|(?m:^)[>\-* ]*(?:[0-9]{1,2}[:.][0-9]{2}[ ])?(?P<handle>(?=[a-z0-9._]*[_0-9])[a-z][a-z0-9._]{3,30})(?=:[ ]))"
    r"(?![\p{L}0-9@])"
)
# What a chat system gives out, and what a form or a log calls its fields.
_FIELD = regex.compile(
    r"(?:bruker|brukar|gjest|besøkende|guest|user|visitor|agent|kunde|customer|bot|step|line|linje|punkt|del|vare|item)_?[0-9]+|"
    r"[a-z]+_(?:name|addr|address|id|no|nr|code|date|time|email|phone|type|status|key|navn|dato)"
)
_MADE = regex.compile(r"\p{L}.*[_0-9]|\p{L}\.\p{L}.*[0-9_]")
_TELLING = regex.compile(r"[0-9._@#-]")
_WINDOW = 60  # characters around an @ in which the network is named
# "brukernavnet er pfalckytter": a word that says nothing else of a user name.
_IS = regex.compile(
    r"(?<![\p{L}\p{M}])(?i:brukernavn(?:et)?(?: mitt| ditt)?|brukarnamn(?:et)?(?: mitt)?|username|user name|user id|"
    r"brukeren(?: var| er)(?: i alle tilfeller)?|bruker-?id)[ ]?(?:er|is|var|was|blir|som|:)?[ ][\"«']?"
    r"(?P<handle>[\p{Ll}0-9][\p{Ll}0-9._-]{3,30})[\"»']?(?=[ ]?[.,;!?)\n]|[ ]?$|,[ ])",
)
_SAYS = regex.compile(
    r"(?:opptat\w*|feil\w*|glemt|gløymt|ukjent\w*|borte|sperret|stengt|endret|slettet|ugyldig\w*|ledig\w*|riktig|rett|galt|"
    r"likt|langt|kort|mitt|ditt|denne?|dette|taken|wrong|invalid|missing|unknown|correct|incorrect|there|here|not|"
    r"inaktiv|aktiv|registrert|ikke|ikkje|passord\w*|e-?post\w*|mail\w*|borte|min|din|my|this|that|same|samme|required)",
    regex.IGNORECASE,
)
# What nobody writes but as a user name: small letters with an underscore, or points and digits.
_WRITTEN = regex.compile(
    r"(?<![\p{L}\p{M}0-9@._/\\#%+=:-])(?P<handle>\p{L}[\p{L}\p{M}0-9]*(?:[._][\p{L}\p{M}0-9]+)+|\p{Ll}{3,}[0-9]{1,4})"
    r"(?![\p{L}\p{M}0-9_@/\\(=-]|\.[\p{L}0-9])"
)
_ASKED = regex.compile(
    r"brukernavn|brukarnamn|(?<!for)bruker(?:en)?(?![\p{L}])|username|user(?![\p{L}])|konto(?:en min|en heter|namn|navn)|login|"
    r"logge[ntr]?(?: meg)? inn|innlogg|logg på|nick|handle|inne som|wechat|telegram|snap|insta|discord",
    regex.IGNORECASE,
)
_FAR = 90
_ENDING = regex.compile(
    r"\.(?:pdf|png|jpe?g|svg|ai|eps|docx?|xlsx?|csv|txt|zip|no|com|org|net|se|dk|eu|html?|php|json|xml|heic|gif|mp4|mov|dst|emb|pes|psd|indd|cdr|tiff?|bmp|log|bak|cfg|ini|ya?ml|md|pptx?|mp3|wav|rar|7z|gz)$",
    regex.IGNORECASE,
)
_LETTERED = regex.compile(r"[\p{L}\p{M}]+")


class HandleRecognizer(TextRecognizer):
    """Finds names of accounts at social networks and of users."""

    ENTITY = "USERNAME"
    CATEGORY = "user.account.username"
    RANK = 88
    SCREEN = screened(
        rf"@|{_NETWORK}|{_USER}|inn som|inne som|hvem er|kven er|who is|legg|add|f.lg|follow|fra brukeren|blokker|[0-9a-f] - [a-z]|(?:usr|uid|acct|owner|pålogget|pa.logget|innlogget)=|password for|publickey for|logon by|pålogging av|pa.logging av|(?:endre[ta]|oppretta?|opprettet|slett[ea]t?|registrert|lastet opp|utf.rt|utfo.rt|godkjent) av|(?:changed|created|updated|deleted|uploaded|approved) by|tildelt|assigned|<[a-z]|innlogging|in as|kontoen|account|[^ \n][._][^ \n]|[a-z][0-9]"
    )

    def find(self, text: str) -> Iterator[Found]:
        """Handles with an at sign near a network, or behind a label."""
        for match in _AT.finditer(text):
            around = text[max(0, match.start() - _WINDOW) : match.end() + _WINDOW]
            yield *match.span(), 0.7 if _NEAR.search(around) else 0.5
        for match in _LOGGED.finditer(text):
            handle = match["handle"]
            if _MADE.match(handle) and text[match.end() : match.end() + 1] != "@":
                yield *match.span("handle"), 0.6
        for match in _IS.finditer(text):
            if not _SAYS.fullmatch(match["handle"]) and not is_never(match["handle"]):
                yield *match.span("handle"), 0.66
        for match in _AS.finditer(text):
            if match["handle"] not in _ROLES and not is_never(match["handle"]):
                yield *match.span("handle"), 0.6
        for match in _WHO.finditer(text):
            yield *match.span("handle"), 0.6
        for match in _LOGS.finditer(text):
            handle = match["handle"]
            if (
                handle not in _ROLES
                and not is_never(handle)
                and not is_given(handle)
                and not _FIELD.fullmatch(handle)
            ):
                yield *match.span("handle"), 0.6
        for match in _THERE.finditer(text):
            handle = match["handle"]
            if (_TELLING.search(handle) or "@" in handle) and not handle[0].isupper():
                yield *match.span("handle"), 0.62
        yield from self._written(text)
        for match in _NAMED.finditer(text):
            handle = match["handle"]
            labelled = ":" in match.group() or "=" in match.group()
            telling = _TELLING.search(handle) is not None
            if _speaker(text, match) and not _MADE.match(handle):
                continue  # "Bruker: husker ikke" is what a user of a chat says
            if handle[0].isupper() and not telling:
                continue  # "Messenger: Kari Nordmann" is a name
            is_mail = "@" in handle[1:] or text[match.end() : match.end() + 1] == "@"
            if (telling or labelled) and not is_mail and not is_never(handle.casefold()):
                yield *match.span("handle"), 0.65

    def _written(self, text: str) -> Iterator[Found]:
        """Words that look like user names, with a person's name in them or asked for before."""
        for match in _WRITTEN.finditer(text):
            handle = match["handle"]
            if (
                _ENDING.search(handle)
                or handle.isupper()
                or ("." in handle and handle[0].isupper())
            ):
                continue
            made = "_" in handle or any(c.isdigit() for c in handle)
            if not made:
                continue
            asked = _ASKED.search(text, max(0, match.start() - _FAR), match.start()) is not None
            parts = [plain(part) for part in _LETTERED.findall(handle)]
            marked = "_" in handle or "." in handle
            named = any(len(part) > 2 and (is_given(part) or is_surname(part)) for part in parts)
            if marked and (named or asked):
                yield *match.span(), 0.6
            elif asked and named:
                yield *match.span(), 0.55


def _speaker(text: str, match: regex.Match[str]) -> bool:
    """Whether the label is who speaks: `Bruker: …` at the beginning of a line."""
    label = match.group()[: match.start("handle") - match.start()].strip().casefold()
    line = text[: match.start()].rpartition("\n")[2].strip(" >[]()0123456789:.-")
    return not line and label in {"bruker:", "brukar:", "user:"}
