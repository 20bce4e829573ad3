import { sign } from 'node:crypto';
import ssh2 from 'ssh2';
import type { Credentials } from './credentials.js';

/** Answers ssh2's questions for a signature, so that the private key stays the KeyObject it is. */
export class KeyAgent extends ssh2.BaseAgent<ssh2.ParsedKey> {
  readonly #keys: Credentials;

  constructor(keys: Credentials) {
    super();
    this.#keys = keys;
  }

  override getIdentities(callback: (error: Error | null, keys?: ssh2.ParsedKey[]) => void): void {
    const parsed = ssh2.utils.parseKey(`ssh-ed25519 ${this.#keys.clientPublic.toString('base64')}`);
    if (parsed instanceof Error) callback(parsed);
    else callback(null, [parsed]);
  }

  override sign(_key: unknown, data: Buffer, options: unknown, callback?: (error: Error | null, signature?: Buffer) => void): void {
    const done = callback ?? (options as (error: Error | null, signature?: Buffer) => void);
    done(null, sign(null, data, this.#keys.clientKey));
  }
}
