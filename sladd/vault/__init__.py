"""The person vault: random tokens in place of values, found again by a keyed lookup.

A token is 130 random bits: no key leads to it. Its row in the store is the only way between a
person and the token, so deleting the row ends that way in every copy that was handed out
(crypto-shredding). The store lies apart from the catalog and from every release.

Source: ENISA 2019, Pseudonymisation techniques and best practices, §5.1 (random mapping); EDPB
Guidelines 01/2025 on pseudonymisation, on keeping the additional information apart.
"""

from sladd.vault.opening import check_store, open_store
from sladd.vault.space import Held, Space
from sladd.vault.store import Store
from sladd.vault.tokens import Tokens

__all__ = ["Held", "Space", "Store", "Tokens", "check_store", "open_store"]
