"""FF1 is NIST's, over arrays and over single strings of numerals."""

from __future__ import annotations

import string

import numpy as np
import pytest
from fastfpe import ff1 as fastfpe
from ffx import FF1
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.ff1 import Ff1

K128 = "2B7E151628AED2A6ABF7158809CF4F3C"
K192 = K128 + "EF4359D8D580AA4F"
K256 = K192 + "7F036D6F04FC6A94"
LETTERS = string.digits + string.ascii_lowercase
# NIST, "Block Cipher Modes of Operation: FF1 Method for Format-Preserving Encryption", samples 1-9.
SAMPLES = [
    (K128, "", 10, "0123456789", "2433477484"),
    (K128, "39383736353433323130", 10, "0123456789", "6124200773"),
    (K128, "3737373770717273373737", 36, "0123456789abcdefghi", "a9tv40mll9kdu509eum"),
    (K192, "", 10, "0123456789", "2830668132"),
    (K192, "39383736353433323130", 10, "0123456789", "2496655549"),
    (K192, "3737373770717273373737", 36, "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"),
    (K256, "", 10, "0123456789", "6657667009"),
    (K256, "39383736353433323130", 10, "0123456789", "1001623463"),
    (K256, "3737373770717273373737", 36, "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"),
]


@pytest.mark.parametrize(("key", "tweak", "radix", "plain", "cipher"), SAMPLES)
def test_the_nine_samples_of_nist_both_ways(key, tweak, radix, plain, cipher):
    """Encrypted and decrypted, as numerals and, for digits, as an array."""
    ours = Ff1(bytes.fromhex(key), bytes.fromhex(tweak), radix)
    given_, wanted = ([LETTERS.index(c) for c in text] for text in (plain, cipher))
    assert ours.numerals(given_) == wanted
    assert ours.numerals(wanted, back=True) == given_
    if radix == 10:
        assert ours.digits(np.array([int(plain)], np.uint64), 10).tolist() == [int(cipher)]
        assert ours.digits(np.array([int(cipher)], np.uint64), 10, back=True)[0] == int(plain)


@settings(deadline=None, max_examples=60)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=40), st.integers(6, 18), st.data())
def test_arrays_agree_with_two_libraries(key, tweak, width, data):
    """Any key, tweak and width: what libffx and fastfpe say, and back again."""
    values = data.draw(st.lists(st.integers(0, 10**width - 1), min_size=1, max_size=8))
    ours = Ff1(key, tweak)
    array = np.array(values, np.uint64)
    done = ours.digits(array, width)
    assert ours.digits(done, width, back=True).tolist() == values
    library = FF1(key, radix=10)
    for value, new in zip(values, done.tolist(), strict=True):
        text = f"{value:0{width}d}"
        assert library.encrypt(text, tweak=tweak) == f"{new:0{width}d}"
        assert fastfpe.encrypt(key.hex(), tweak.hex(), string.digits, text) == f"{new:0{width}d}"
        assert ours.numerals([int(c) for c in text]) == [int(c) for c in f"{new:0{width}d}"]


@settings(deadline=None, max_examples=40)
@given(st.binary(min_size=16, max_size=16), st.integers(19, 56), st.data())
def test_long_numbers_agree_with_the_library(key, width, data):
    """Beyond eighteen digits the numerals go one by one."""
    text = data.draw(st.text(string.digits, min_size=width, max_size=width))
    done = Ff1(key).numerals([int(c) for c in text])
    assert "".join(map(str, done)) == FF1(key, radix=10).encrypt(text)
    assert Ff1(key).numerals(done, back=True) == [int(c) for c in text]


@pytest.mark.parametrize("width", [6, 7, 11])
def test_different_numbers_stay_different(width):
    """A permutation: no two of fifty thousand meet, and few stay what they were."""
    values = np.arange(50_000, dtype=np.uint64)
    done = Ff1(bytes(range(32))).digits(values, width)
    assert len(np.unique(done)) == len(values)
    assert done.max() < 10**width
    assert (done == values).sum() < 5


@pytest.mark.parametrize("width", [0, 1, 5, 19])
def test_domains_that_can_be_tried_out_are_refused(width):
    """Below 10⁶ values NIST's draft of Revision 1 forbids FF1."""
    with pytest.raises(ValueError, match="digits"):
        Ff1(bytes(32)).digits(np.zeros(1, np.uint64), width)
    if width < 6:
        with pytest.raises(ValueError, match="numerals"):
            Ff1(bytes(32)).numerals([0] * width)
