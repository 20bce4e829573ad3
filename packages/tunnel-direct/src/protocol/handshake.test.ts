import { expect, test } from 'vitest';
import { isProof, newNonce, newToken, proofOf } from './handshake.js';

const hello = Buffer.from('{"role":"carry"}');

test('a proof fits its token, its side, its greeting and its nonce only', () => {
  const token = newToken();
  const nonce = newNonce();
  const proof = proofOf(token, 'agent', hello, nonce);
  expect(isProof(proof, proofOf(token, 'agent', hello, nonce))).toBe(true);
  const others = [
    proofOf(newToken(), 'agent', hello, nonce),
    // Sent back as one's own.
    proofOf(token, 'laptop', hello, nonce),
    proofOf(token, 'agent', Buffer.from('{"role":"control"}'), nonce),
    proofOf(token, 'agent', hello, newNonce()),
    // The border between greeting and nonce moved.
    proofOf(token, 'agent', Buffer.concat([hello, Buffer.from(nonce.slice(0, 1))]), nonce.slice(1)),
    '',
    proof.slice(1),
  ];
  for (const other of others) expect(isProof(other, proof)).toBe(false);
});

test('tokens and nonces are long, and other ones each time', () => {
  expect(newToken()).toHaveLength(32);
  expect(newToken().equals(newToken())).toBe(false);
  expect(Buffer.from(newNonce(), 'base64url')).toHaveLength(16);
  expect(newNonce()).not.toBe(newNonce());
});
