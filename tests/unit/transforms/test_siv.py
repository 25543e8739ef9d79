"""AES-SIV over arrays is RFC 5297's, and the library's, bit for bit."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from cryptography.hazmat.primitives import cmac
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from hypothesis import given, settings
from hypothesis import strategies as st

from sladd.keyring import MasterKey
from transforms.aes import BLOCK, BlockCipher
from transforms.siv import Siv, padded, siv_key, unpadded

KEYS = st.sampled_from([32, 48, 64]).flatmap(lambda size: st.binary(min_size=size, max_size=size))


def _rows(messages: list[bytes]) -> np.ndarray:
    return np.frombuffer(b"".join(messages), np.uint8).reshape(len(messages), -1)


@settings(deadline=None)
@given(KEYS, st.integers(1, 6), st.data())
def test_whole_blocks_are_encrypted_as_the_library_does(key, blocks, data):
    """Ciphertexts are equal byte for byte, and come back."""
    size = blocks * BLOCK
    messages = data.draw(st.lists(st.binary(min_size=size, max_size=size), min_size=1, max_size=5))
    sealed = Siv(key).encrypt(_rows(messages))
    library = AESSIV(key)
    assert [row.tobytes() for row in sealed] == [library.encrypt(m, None) for m in messages]
    back, authentic = Siv(key).decrypt(sealed)
    assert authentic.all()
    assert [row.tobytes() for row in back] == messages


def test_the_vector_of_the_rfc_without_associated_data():
    """RFC 5297 A.1's key; its plaintext padded to a block, checked with the library's own CMAC."""
    key = bytes.fromhex("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
    plain = bytes.fromhex("112233445566778899aabbccddee").ljust(16, b"\0")

    def mac(message: bytes) -> bytes:
        state = cmac.CMAC(algorithms.AES(key[:16]))
        state.update(message)
        return state.finalize()

    zero = mac(bytes(16))
    assert zero.hex() == "0e04dfafc1efbf040140582859bf073a"  # RFC 5297 A.1, CMAC(zero)
    vector = mac(bytes(a ^ b for a, b in zip(plain, zero, strict=True)))
    assert Siv(key).encrypt(_rows([plain]))[0, :16].tobytes() == vector


@settings(deadline=None)
@given(st.binary(min_size=32, max_size=32), st.integers(0, 47), st.integers(0, 7))
def test_a_changed_bit_is_noticed(message, byte, bit):
    """Whatever bit is turned, nothing of the message comes out."""
    siv = Siv(bytes(range(64)))
    sealed = siv.encrypt(_rows([message])).copy()
    sealed[0, byte] ^= 1 << bit
    back, authentic = siv.decrypt(sealed)
    assert not authentic.any()
    assert not back.any()


@settings(deadline=None)
@given(st.lists(st.tuples(st.binary(max_size=70), st.integers(1, 255)), max_size=30))
def test_padding_comes_off_again(messages):
    """Messages that end in zeros or in the mark itself come back whole, with their mark."""
    texts = [text for text, _ in messages]
    offsets = np.concatenate([[0], np.cumsum([len(t) for t in texts])]).astype(np.int64)
    marks = np.array([mark for _, mark in messages], np.uint8)
    data = np.frombuffer(b"".join(texts), np.uint8)
    seen = {}
    for chosen, rows in padded(offsets, data, marks):
        assert rows.shape[1] % BLOCK == 0
        for at, row in zip(chosen.tolist(), rows, strict=True):
            seen[at] = unpadded(row.tobytes())
    assert [seen[n] for n in range(len(messages))] == messages


def test_fifteen_bytes_fit_one_block():
    """So identifiers of up to fifteen characters cannot be told apart by their length."""
    sizes = {}
    for size in range(33):
        offsets = np.array([0, size], np.int64)
        (group,) = padded(offsets, np.ones(size, np.uint8), np.array([0x80], np.uint8))
        sizes[size] = group[1].shape[1]
    assert {sizes[n] for n in range(16)} == {16}
    assert {sizes[n] for n in range(16, 32)} == {32}


def test_keys_are_neither_printed_nor_pickled():
    """A cipher in a traceback or in another process would carry its key."""
    key = siv_key(MasterKey(bytes(32), name="main", version=1).derive("d", "text"))
    assert len(key) == 64
    for holder in (Siv(key), BlockCipher(key[:32])):
        assert key.hex()[:8] not in repr(holder)
        with pytest.raises(TypeError):
            pickle.dumps(holder)
