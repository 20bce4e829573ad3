import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Both ends show that they know the session's token without saying it: each signs both nonces and the whole greeting (HMAC-SHA256), under
 * a label of its own, so that no answer can be sent back as one's own. The agent shows it first: the laptop tells a stranger nothing.
 */
export type Side = 'agent' | 'laptop';

/** Bytes of the token. */
const TOKEN = 32;

export const newToken = (): Buffer => randomBytes(TOKEN);
export const newNonce = (): string => randomBytes(16).toString('base64url');

export function proofOf(token: Buffer, side: Side, hello: Buffer, nonce: string): string {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(hello.length);
  return createHmac('sha256', token).update(`heddle ${side}\n`).update(length).update(hello).update(nonce).digest('base64url');
}

/** In a time that does not depend on where the two differ. */
export function isProof(proof: string, expected: string): boolean {
  const [given, wanted] = [Buffer.from(proof), Buffer.from(expected)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
