"""Whose mailbox an address is: a role's (`post@`), a person's, or a person's at a free provider.

`post@example.no` reaches whoever is at work, so it tells of a company and not of a person. In
doubt it is a person: a role missed costs a false alarm, a person missed costs a person.

>>> role("post@example.no"), role("kari.nordmann@example.no"), role("kari@gmail.com")
('role', 'person', 'freemail')
>>> role("faktura.oslo@example.no"), role("post@gmail.com")
('role', 'freemail')
"""

from __future__ import annotations

from typing import Literal

import regex

from detectors.columns.gazetteer import given_names
from detectors.folding import fold

_APART = regex.compile(r"[._\d-]+")  # between the words of a local part
_SHORTEST_NAME = 2  # letters that a given name must exceed

_ROLES = frozenset(
    # Words read better as text.
    "abuse admin administrasjon abonnement accounting accounts accountspayable adm "  # noqa: SIM905
    "anskaffelse anskaffelser ap apotek ar avdeling "
    "bestilling bestillinger billing booking butikk butikken career careers compliance contact "
    "contactus customercare customerservice daemon data datatilsyn drift dpo ehandel "
    "email enquiries enquiry epost faktura fakturamottak finance firma firmapost firmaepost "
    "forhandler forsendelse frakt gdpr help helpdesk hjelp hjelpdesk hostmaster hr "
    "info infos inkasso innkjop innkjøp invoice invoices investor it jobb jobs karriere kasse "
    "klage klager konto kontakt kontor kontoret kundeservice kundesenter kundesupport "
    "kundekontakt lager legal leveranse levering logistikk lonn lønn mail mailer mailerdaemon "
    "marked marketing markedsforing markedsføring moms news newsletter nettbutikk "
    "nettbutikken noc noreply notifications nyhetsbrev nyheitsbrev office okonomi økonomi "
    "operations order orders ordre ordrer organisasjon pay payment payments personal personvern "
    "personvernombud post postkasse postmaster postmottak presse press privacy produksjon "
    "prosjekt purchasing ikkesvar ikkjesvar svarikke regnskap rekneskap reklamasjon resepsjon "
    "reception retur returer returns root sales salg security sekretariat service servicedesk "
    "shipping shop sikkerhet stilling store styret support svar system team teknisk tilbud "
    "tinging tingingar varsel verksted web webmaster webshop bibliotek ekspedisjon foto innkjøpsavdeling "
    "kantine kasserar kasserer korrektur leder leiar medlem medlemskap prosjektleder redaksjon redaksjonen "
    "redaktor redaktør rektor sentralbord skole skule studio styreleder styreleiar trykk trykkeri vakt "
    "vaktmester varemottak verkstad".split()
)
_PREFIXES = ("noreply", "donotreply", "ikkesvar", "mailerdaemon", "kundeservice", "postmottak")
_FREEMAIL = frozenset(
    "gmail.com googlemail.com hotmail.com hotmail.no outlook.com outlook.no live.no live.com "  # noqa: SIM905
    "msn.com yahoo.com yahoo.no ymail.com icloud.com me.com mac.com online.no frisurf.no "
    "start.no epost.no broadpark.no getmail.no altibox.no lyse.net bluezone.no c2i.net "
    "haugnett.no tele2.no proton.me protonmail.com pm.me tutanota.com tuta.io fastmail.com "
    "gmx.com gmx.net gmx.de web.de aol.com mail.com hushmail.com zoho.com hotmail.se "
    "hotmail.dk hotmail.co.uk live.se live.dk wp.pl o2.pl onet.pl interia.pl yandex.com "
    "mail.ru seznam.cz".split()
)


def role(address: str) -> Literal["role", "person", "freemail"]:
    """Whose mailbox it is.

    Args:
        address: an e-mail address in any case, tags (`+ordre`) allowed.
    """
    local, _, domain = fold(address).strip().casefold().rpartition("@")
    if domain in _FREEMAIL:
        return "freemail"
    local = local.split("+", 1)[0]
    words = [word for word in _APART.split(local) if word]
    joined = "".join(words)
    if joined in _ROLES or joined.startswith(_PREFIXES):
        return "role"
    # "faktura.oslo" is a role, "kari.post" is not: the word that counts comes first; and
    # "regnskap.kari" is hers.
    named = any(len(word) > _SHORTEST_NAME and word in given_names() for word in words[1:])
    return "role" if words and words[0] in _ROLES and not named else "person"
