"""Named, versioned master keys by reference, and the keys derived from them.

A master key is 32 random bytes in a file (mode 0600) or an environment variable. What is used
on data is never the master but a key that HKDF derives from it for one domain, one type and
one version, so pseudonyms of two domains have nothing in common.

Source: RFC 5869 (HKDF); RFC 2104 (HMAC); EDPB Guidelines 01/2025 on pseudonymisation domains.
"""

from sladd.keyring.backup import Backup, backup, confirm
from sladd.keyring.files import add_version, create_key_file, retire_version
from sladd.keyring.keyring import KeyPlace, Keyring
from sladd.keyring.keys import DerivedKey, MasterKey
from sladd.keyring.places import check_place

__all__ = [
    "Backup",
    "DerivedKey",
    "KeyPlace",
    "Keyring",
    "MasterKey",
    "add_version",
    "backup",
    "check_place",
    "confirm",
    "create_key_file",
    "retire_version",
]
