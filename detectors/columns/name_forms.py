"""Persons inside what is written in one form: `Kari Moe 412 34 567`, `Att: Kari Moe`, `Karis-iPhone`.

Next of kin are entered in one field, by name and number; firms have somebody behind `v/`;
telephones and tablets call themselves after whom they belong to; and addresses of pages carry
e-mail addresses with their `@` encoded.
"""

from __future__ import annotations

from detectors.columns.profile import Profile
from detectors.columns.weighing import Candidate
from sladd.model import How

_NAME, _PHONE, _EMAIL = "user.name", "user.contact.phone_number", "user.contact.email"
_CALLED = (
    r"^\s*\p{Lu}[\p{Ll}'’][\pL\pM.'’-]*(?: \p{Lu}[\pL\pM.'’-]*){0,3}(?: \([\pL ]{2,15}\))?(?:[,:;]? | ?[-/] ?)"
    r"(?i:tlf|tel|mob|mobil|phone|ph|puh)?[.:]? ?[(]?(?:\+|00)?[0-9][0-9 ()]{5,16}[0-9]\s*$"
)
_COMPANY = r" (?:AS|ASA|AB|ApS|A/S|GmbH|Ltd|Inc|Oy|BV|B\.V\.|NV)[ ,:]"
# Who is meant in a firm or at an address, behind the word that says so.
_CARE_OF = r"(?i)^\s*(?:att|attn|att?n\.?|v/|v\.|c/o|z\. ?hd\.?|z\.? ?h\.|t\.a\.v\.|f\.a\.o\.?)[:.]?\s*\p{L}[\pL\pM.'’-]+(?: [\pL\pM.'’-]+){0,3}\s*$"
_DEVICE = r"(?:iphone|ipad|ipod|macbook|imac|galaxy|pixel|apple[ -]?watch|s[0-9]{2}|a[0-9]{2}|mobil|telefon|laptop|pc|mac)"
# As the makers name them: `Kari's iPhone`, `iPhone til Kari`, `Kari sin S24` (iOS, One UI).
_OWNED = (
    rf"(?i)^\s*[\pL-]{{2,20}}?(?:['’]?s|[ -]sin|[ -]sitt)[ -]+{_DEVICE}\b"
    rf"|^\s*{_DEVICE}[ -](?:til|tilhører|von|de|av|van|för|fra)[ -]\pL{{2,}}"
)
_ENCODED = r"(?i)(?:^|[?&=;:/ ])[\pL\d._+-]{1,64}%40[\pL\d-]{1,63}(?:\.[\pL\d-]{1,63})*\.\pL{2,}"  # RFC 3986, section 2.1
# As a sign-in shows where it sent its code: `+XX XXXXXX15`, `+47 *** ** 123`.
_MASKED = r"^\s*\+(?:[Xx*•]{1,3}|[0-9]{1,3})[ -]?(?:[Xx*•]{2,10}[ -]?){1,4}[0-9]{2,4}\s*$"
_MOSTLY = 0.5  # share of the values
_CARED = 0.3  # share of the values with somebody behind such a word
_SOME = 0.1  # share of the devices that are called after someone
_FEWEST = 5  # different values
_LOOKED, _VARIED = 100, 0.3  # values, and the share of different first words among them
_TWICE = 2
_ADDRESS = "user.contact.address"
_OTHERS = ("user.account.username", _ADDRESS, "user.name", "organization.name")


def add_name_forms(candidates: list[Candidate], column: Profile) -> None:
    """Let such forms speak.

    Args:
        candidates: of the column; new ones are added.
        column: its values, strings.
    """
    many = len(column.values)
    called = column.share(_CALLED) if many >= _FEWEST else 0.0
    if called >= _MOSTLY and column.share(_COMPANY) < _SOME and _different(column):
        _contains(candidates, _NAME, called, many, also=(_PHONE,))
    # In a column of addresses `c/o` is a part of the address.
    addressed = any(each.category.startswith(_ADDRESS) for each in candidates)
    cared = 0.0 if addressed else column.share(_CARE_OF)
    if cared >= _CARED and cared * many >= _FEWEST:
        _contains(candidates, _NAME, cared, many)
    if many >= _FEWEST and (owned := column.share(_OWNED)) >= _SOME:
        _contains(candidates, _NAME, owned, many)
    if many >= _FEWEST and (masked := column.share(_MASKED)) >= _MOSTLY:
        _contains(candidates, _PHONE, masked, many)
    if (encoded := column.share(_ENCODED)) * many >= _TWICE:
        _contains(candidates, _EMAIL, encoded, many)


def _different(column: Profile) -> bool:
    """Whether the first words differ as given names do: each `Faktura 20240112` is an invoice."""
    first = [cell.split()[0].casefold() for cell in column.drawn(_LOOKED) if cell.split()]
    return len(set(first)) >= max(_FEWEST, _VARIED * len(first))


def _contains(
    candidates: list[Candidate],
    category: str,
    share: float,
    many: int,
    *,
    also: tuple[str, ...] = (),
) -> None:
    for candidate in candidates:
        if candidate.category.startswith(_OTHERS):
            candidate.add("pattern", -6.0, share=round(share, 3), reason="names_among_others")
    found = Candidate(category, "", How.CONTAINS, also=also)
    found.add("pattern", 6.0, share=round(share, 3), distinct=many)
    candidates.append(found)
