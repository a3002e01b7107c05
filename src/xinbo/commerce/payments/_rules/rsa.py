"""Signatures of Alipay (RSA2) and WeChat Pay: RSA PKCS #1 v1.5 over SHA-256, in base64."""

import base64
import binascii

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    load_der_private_key,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)
from cryptography.x509 import load_pem_x509_certificate

PEM = b"-----BEGIN"
CERTIFICATE = b"-----BEGIN CERTIFICATE"


def private_key(text: bytes) -> RSAPrivateKey:
    """Read a private key: PEM, or the bare base64 that Alipay's key tool writes.

    Raises `ValueError` where it is none.
    """
    text = text.strip()
    if text.startswith(PEM):
        key = load_pem_private_key(text, password=None)
    else:
        key = load_der_private_key(base64.b64decode(text), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("not an RSA private key")  # noqa: TRY004 # a wrong file, not a wrong call
    return key


def public_key(text: bytes) -> RSAPublicKey:
    """Read a public key: PEM, a PEM certificate's, or bare base64. Raises `ValueError`."""
    text = text.strip()
    if text.startswith(CERTIFICATE):
        key = load_pem_x509_certificate(text).public_key()
    elif text.startswith(PEM):
        key = load_pem_public_key(text)
    else:
        key = load_der_public_key(base64.b64decode(text))
    if not isinstance(key, RSAPublicKey):
        raise ValueError("not an RSA public key")  # noqa: TRY004 # a wrong file, not a wrong call
    return key


def serial_of(certificate: bytes) -> str:
    """Return a PEM certificate's serial number as WeChat Pay writes it: upper case hex."""
    return f"{load_pem_x509_certificate(certificate).serial_number:X}"


def sign(key: RSAPrivateKey, message: bytes) -> str:
    """Sign the bytes."""
    return base64.b64encode(key.sign(message, PKCS1v15(), SHA256())).decode()


def genuine(key: RSAPublicKey, message: bytes, signature: str) -> bool:
    """Say whether the signature is of these bytes, by the owner of this key."""
    try:
        key.verify(base64.b64decode(signature, validate=True), message, PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def opened(key: bytes, nonce: str, sealed: str, associated: str) -> bytes | None:
    """Decrypt what WeChat Pay sealed with AEAD_AES_256_GCM; None where it was not sealed so."""
    try:
        return AESGCM(key).decrypt(nonce.encode(), base64.b64decode(sealed), associated.encode())
    except (InvalidTag, ValueError):
        return None
