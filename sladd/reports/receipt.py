"""The receipt of a deletion in a vault, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WORDS = {
    "en": {
        "title": "Receipt: deletion in the vault of the domain {domain}",
        "dry": "Nothing was deleted; this is what would be.",
        "who": "{at}, by {by}. Reason: {reason}",
        "found": "{matched} of {identifiers} identifiers had a token; {rows} rows are deleted.",
        "kind": "  {kind}: {number}",
        "without": "Nothing was found in: {kinds}. Were those identifiers given?",
        "ends": "What this ends: no key and no sladd leads from those tokens back to the person, in "
        "any copy that was handed out.",
        "stays": "What stays: the rows in the copies. What they tell (place, age, purchases, free "
        "text) can still identify, and equal tokens still belong together. The copies are still "
        "personal data.",
        "backups": "Backups of the vault hold the deleted rows until they are overwritten, and so "
        "may a database's log and its replicas: delete there, too.",
        "source": "The source is untouched: if the person is still there, the next publish gives "
        "a new token.",
        "not_rewritten": "The database will overwrite the deleted rows in its own time (it could "
        "not be rewritten now): VACUUM FULL sladd_vault.token",
        "unsearched": "{n} rows could not be searched: the version of the key they are looked up "
        "by is gone.",
        "again": "Publish again, so that current copies no longer hold those tokens: {commands}",
        "versions": "Handed out with tokens of this vault:",
        "version": "  {release} {version}, {published}{here}",
        "here": " (in its folder)",
        "running": "A publish that runs at this moment still writes the old tokens.",
        "keyed": "Releases of the same domain without a vault lead back through the key as before: "
        "{names}",
    },
    "nb": {
        "title": "Kvittering: sletting i hvelvet for domenet {domain}",
        "dry": "Ingenting er slettet; dette er det som ville blitt slettet.",
        "who": "{at}, av {by}. Begrunnelse: {reason}",
        "found": "{matched} av {identifiers} identifikatorer hadde en kode; {rows} rader er slettet.",
        "kind": "  {kind}: {number}",
        "without": "Ingenting ble funnet i: {kinds}. Ble de identifikatorene oppgitt?",
        "ends": "Dette tar slutt: ingen nøkkel og ingen sladd leder fra de kodene tilbake til "
        "personen, i noen kopi som er delt ut.",
        "stays": "Dette står igjen: radene i kopiene. Det de forteller (sted, alder, kjøp, fritekst) "
        "kan fortsatt identifisere, og like koder hører fortsatt sammen. Kopiene er fortsatt "
        "personopplysninger.",
        "backups": "Sikkerhetskopier av hvelvet har de slettede radene til de blir overskrevet, og "
        "det kan loggen og replikaene til en database også ha: slett der også.",
        "source": "Kilden er ikke rørt: står personen der fortsatt, gir neste publisering en ny kode.",
        "not_rewritten": "Databasen overskriver de slettede radene når den vil (den kunne ikke "
        "skrives om nå): VACUUM FULL sladd_vault.token",
        "unsearched": "{n} rader kunne ikke søkes gjennom: nøkkelversjonen de slås opp med, er borte.",
        "again": "Publiser på nytt, så gjeldende kopier ikke lenger har de kodene: {commands}",
        "versions": "Delt ut med koder fra dette hvelvet:",
        "version": "  {release} {version}, {published}{here}",
        "here": " (i mappen sin)",
        "running": "En publisering som går akkurat nå, skriver fortsatt de gamle kodene.",
        "keyed": "Utgivelser i samme domene uten hvelv leder tilbake med nøkkelen som før: {names}",
    },
}


def receipt_text(receipt: Mapping[str, Any], language: str) -> str:
    """The receipt as lines of text.

    Args:
        receipt: as JSON has it (docs/reference/formats.md).
        language: `nb` or `en`.
    """
    words = _WORDS[language]
    lines = [words["title"].format_map(receipt)]
    if receipt["dry_run"]:
        lines.append(words["dry"])
    lines.append(words["who"].format_map(receipt))
    rows = sum(receipt["deleted"].values())
    lines.append(words["found"].format(**receipt, rows=rows))
    lines += [words["kind"].format(kind=k, number=n) for k, n in receipt["deleted"].items()]
    if receipt["without"]:
        lines.append(words["without"].format(kinds=", ".join(receipt["without"])))
    if receipt["unsearched"]:
        lines.append(words["unsearched"].format(n=receipt["unsearched"]))
    lines += ["", words["ends"], words["stays"], words["backups"], words["source"]]
    if not receipt["rewritten"]:
        lines.append(words["not_rewritten"])
    if receipt["keyed_releases"]:
        lines.append(words["keyed"].format(names=", ".join(receipt["keyed_releases"])))
    commands = " && ".join(f"sladd publish {name}" for name in receipt["publish_again"])
    lines += ["", words["again"].format(commands=commands), words["running"]]
    if receipt["versions"]:
        lines.append(words["versions"])
        lines += [
            words["version"].format(**{**each, "here": words["here"] if each["here"] else ""})
            for each in receipt["versions"]
        ]
    return "\n".join(lines)
