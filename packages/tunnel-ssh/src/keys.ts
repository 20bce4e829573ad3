import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

/** An ed25519 key pair; the private half exists as a KeyObject only, unless it is asked for. */
export interface SshKey {
  readonly privateKey: KeyObject;
  /** The public half as SSH sends it (RFC 8709, section 4). */
  readonly publicBlob: Buffer;
}

const TYPE = 'ssh-ed25519';

/**
 * Not ssh2's own generator: in 1.17.0 it strips leading zeros off the public half, so that one key in 256 cannot be used
 * (mscdex/ssh2, issue 1513).
 */
export function generateSshKey(): SshKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return { privateKey, publicBlob: Buffer.concat([field(TYPE), field(Buffer.from(x, 'base64url'))]) };
}

/** One line of `authorized_keys`. */
export function publicLine(key: Pick<SshKey, 'publicBlob'>): string {
  return `${TYPE} ${key.publicBlob.toString('base64')}`;
}

/** The private half as sshd reads it: unencrypted `openssh-key-v1` (openssh-portable, PROTOCOL.key); PEM is read from 9.6 only. */
export function privateFile(key: SshKey): string {
  const { d = '', x = '' } = key.privateKey.export({ format: 'jwk' });
  const secret = Buffer.concat([Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]);
  const check = randomBytes(4);
  const body = Buffer.concat([check, check, key.publicBlob, field(secret), field('heddle')]);
  const padding = Buffer.from(Array.from({ length: (8 - (body.length % 8)) % 8 }, (_, index) => index + 1));
  const file = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    uint32(1),
    field(key.publicBlob),
    field(Buffer.concat([body, padding])),
  ]);
  const lines = file.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}

function field(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint32(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
