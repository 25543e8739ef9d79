"""The ground truth: what every field of the shop is, written down beside its generator.

`is`: the column is that. `contains`: some values hold it. `linked`: a plain attribute in a
table about persons. `none`: nothing personal, however much it looks like it.
"""

from __future__ import annotations

import csv
from pathlib import Path
from urllib.parse import quote

# Per table: lines of `how category: field | field | …`.
_DATABASE = {
    "customers": """
        is user.unique_id: id | kundenr
        is user.name: navn
        is user.name.first: fornavn
        is user.name.last: etternavn
        is organization.name: firma
        is organization.registration_number: orgnr
        is user.contact.email: epost | felt17
        is user.contact.phone_number: mobil
        is user.demographic.date_of_birth: fdato
        is user.demographic.gender: kjonn
        is user.demographic.language: sprak
        is user.privacy_preferences: begrenset | reservert
        linked user.account: kundetype | kundegruppe | kredittgrense | opprettet
        none: felt18
    """,
    "addresses": """
        linked user.link_key: id
        is user.unique_id: customer_id
        linked user.contact.address: type
        is user.name: mottaker
        is user.contact.address.street: adresse
        contains user.contact.address: adresse2
        is user.contact.address.postal_code: postnr
        is user.contact.address.city: poststed
        is user.contact.address.country: land
    """,
    "products": """
        none: id | sku | varenr | navn | merke | kategori | sesong | ean | pris | lager
        none: beskrivelse | utgar
    """,
    "orders": """
        linked user.link_key: id | billing_address_id | shipping_address_id
        is user.link_key: order_no
        is user.unique_id: customer_id
        linked user.behavior.purchase_history: created_at | status | total_amount | mva
        linked user.behavior.purchase_history: currency | payment_method
        contains user.content.private: comment
    """,
    "order_lines": """
        linked user.link_key: id | order_id
        linked user.behavior.purchase_history: product_id | antall | pris
        contains user.content.private: gravering
    """,
    "invoices": """
        linked user.link_key: id | order_id
        is user.link_key: invoice_no
        is user.payment.kid: kid
        linked user.behavior.purchase_history: belop | issued_at | forfall | betalt
    """,
    "web_sessions": """
        is user.device.session_id: session_id
        is user.unique_id: kunde
        is user.device.ip_address: ip
        is user.device.user_agent: user_agent
        is user.device.cookie_id: _ga | _fbp
        linked user.behavior.browsing_history: started_at | sidevisninger | landingsside
    """,
    "carts": """
        linked user.link_key: id
        is user.device.session_id: session_id
        is user.unique_id: customer_id
        is user.contact.email: payload.email
        linked user.behavior.cart: payload.items[].sku | payload.items[].qty
        linked user.behavior.cart: payload.items[].price | payload.coupon | updated_at
    """,
    "users": """
        linked user.link_key: id
        is user.unique_id: customer_id
        is user.account.username: brukernavn
        is user.authorization.password: passord_hash
        is user.authorization.credentials: api_token
        linked user.account: sist_innlogget | aktiv
    """,
    "newsletter_consents": """
        linked user.link_key: id
        is user.unique_id: customer_id
        is user.contact.email: epost
        is user.privacy_preferences: samtykke
        linked user.privacy_preferences: samtykke_dato | trukket_dato | kilde
    """,
    "marketing_objections": """
        linked user.link_key: id
        is user.unique_id: customer_id
        linked user.privacy_preferences: kanal | reservert_dato
    """,
    "customer_meta": """
        linked user.link_key: id
        is user.unique_id: customer_id
        linked user.account: meta_key
        is user.contact.phone_number: meta_value._billing_phone | meta_value._vipps_msisdn
        is user.contact.email: meta_value._billing_email
        is user.device.ip_address: meta_value._customer_ip_address
        linked user.account: meta_value.t_skjorte_str | meta_value.antall_innlogginger
    """,
    "reviews": """
        linked user.link_key: id
        is user.unique_id: customer_id
        is user.name: nickname
        linked user.behavior.purchase_history: product_id | rating | created_at
        contains user.content.private: tekst
    """,
    "support_notes": """
        linked user.link_key: id
        is user.unique_id: customer_id
        linked user.content.private: kanal | created_at
        linked user.demographic.language: sprak
        contains user.content.private: emne | melding
        is user.account.username: saksbehandler
    """,
    "employees": """
        is user.unique_id.employee: ansattnr | leder
        is user.government_id.national_identification_number: fnr
        is user.name.first: fornavn
        is user.name.last: etternavn
        is user.contact.email: epost
        is user.contact.phone_number: mobil
        is user.job_title: stilling
        is user.demographic.trade_union: fagforening
        linked user.workplace: avdeling | ansatt_dato
    """,
    "payroll": """
        linked user.link_key: id
        is user.unique_id.employee: ansattnr
        is user.government_id.national_identification_number: fodselsnummer
        is user.financial.bank_account: kontonr
        is user.financial.salary: manedslonn
        linked user.financial.salary: skattetrekk | periode
    """,
    "suppliers": """
        none: id | leveringstid_dager
        is organization.name: navn
        is organization.registration_number: orgnr
        is organization.contact.email: epost
        is organization.contact.phone_number: telefon
        is organization.bank_account: bankkonto
        is user.name: kontaktperson
        is user.contact.email: kontakt_epost
    """,
    "tomter": "none: id | kommunenr | gnr | bnr | fnr | snr | areal_m2",
    "products_stats": "none: product_id | ar | uke | visninger | endring | margin_ore",
    "kontoplan": "none: konto | navn | mva_kode",
    "butikker": "none: id | navn | apnet",
    "gavekort_utkast": "none: id | serie | verdi | utloper",
}

_EXPORTS = {
    "kunder_eksport": """
        is user.unique_id: Kundenr
        is user.name: Navn
        is user.demographic.date_of_birth: Født
        is user.demographic.gender: Kjønn
        is user.contact.email: E-post
        is user.contact.phone_number: Mobiltelefon
        is user.contact.address.street: Gateadresse
        is user.contact.address.postal_code: Postnr
        is user.contact.address.city: Poststed
        linked user.behavior.purchase_history: Kjøp i år (kr) | Sist kjøpt
        is user.privacy_preferences: Ønsker nyhetsbrev
        contains user.content.private: Merknad
    """,
    "orders": """
        is user.link_key: order_no
        is user.unique_id: customer_no
        linked user.behavior.purchase_history: created_at | amount | status
        is user.name: recipient
        is user.contact.address.postal_code: postcode
    """,
    "uten_overskrift": """
        is user.name: c1
        is user.contact.email: c2
        is user.contact.phone_number: c3
        is user.contact.address.postal_code: c4
        is user.contact.address.city: c5
        linked user.behavior.purchase_history: c6
    """,
    "newsletter": """
        is user.contact.email: email
        is user.name.first: first_name
        is user.privacy_preferences: accepts_marketing
        linked user.privacy_preferences: subscribed_at | source | unsubscribed_at
    """,
    "weblog": """
        linked user.behavior.browsing_history: ts | request.method | request.path
        linked user.behavior.browsing_history: request.status | request.ms
        is user.device.ip_address: client.ip
        is user.device.user_agent: client.user_agent
        is user.unique_id: user.id
        is user.contact.email: user.email
        is user.device.cookie_id: cookies._ga | cookies._fbp
        linked user.behavior.cart: items[].sku | items[].qty
        linked user.behavior.browsing_history: newsletter.*.opened
    """,
    "deliveries": """
        linked user.link_key: delivery_id
        is user.link_key: order_no
        is user.name: mottaker
        is user.contact.phone_number: mobil
        is user.contact.address.street: adresse
        is user.contact.address.postal_code: postnr
        is user.contact.address.city: poststed
        linked user.behavior.purchase_history: vekt_kg | levert
        contains user.content.private: instruks
    """,
    "ansatte:Ansatte": """
        is user.unique_id.employee: Ansattnr
        is user.name: Navn
        is user.demographic.date_of_birth: Født
        is user.job_title: Stilling
        is user.contact.phone_number: Mobil
        is user.contact.email: E-post
        is user.financial.salary: Månedslønn
        is user.financial.bank_account: Kontonr
    """,
    "ansatte:Prisliste": "none: Varenr | Navn | Kode | Pris | Sesong | Antall | EAN",
}


def address_part(name: str) -> str:
    """One part of a field's address, percent-encoded as sladd does; dots are separators here."""
    return "".join(c if c.isalnum() or c in "_-:*@#$+=&().[]" else quote(c, safe="") for c in name)


def labels(*, exports: bool = True) -> list[tuple[str, str, str]]:
    """Field, how and category of every field, sources `shop` and `exports`."""
    found = []
    sources = {"shop": _DATABASE, "exports": _EXPORTS} if exports else {"shop": _DATABASE}
    for source, tables in sources.items():
        for table, text in tables.items():
            for line in filter(None, map(str.strip, text.splitlines())):
                kind, _, fields = line.partition(": ")
                how, _, category = kind.partition(" ")
                for field in fields.split(" | "):
                    address = f"{source}/{address_part(table)}.{address_part(field)}"
                    found.append((address, how, category))
    return found


def write_labels(path: Path, *, exports: bool = True) -> None:
    """Write `labels.csv`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(("field", "how", "category"))
        lines.writerows(labels(exports=exports))
