import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `look` does not throw. */
export async function soon(look: () => void, ms = 3000): Promise<void> {
  for (const end = Date.now() + ms; ; await sleep(10)) {
    try {
      return look();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

/** All that comes until the other side ends; the half that sends stays open. */
export async function hear(stream: Duplex): Promise<string> {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(stream, 'end');
  return Buffer.concat(chunks).toString();
}

export async function say(stream: Duplex, words: string): Promise<string> {
  const heard = hear(stream);
  stream.end(words);
  return await heard;
}

/** Resolves when the connection is over, one way or another, with the error's code if there was one; data is not expected. */
export function cutOff(stream: Duplex): Promise<string> {
  return new Promise((resolve, reject) => {
    stream.on('data', () => reject(new assert.AssertionError({ message: 'the connection carried data' })));
    stream.on('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    stream.on('end', () => resolve('end'));
    stream.on('close', () => resolve('close'));
  });
}

/** What a promise is rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & { readonly code?: unknown; readonly $$type?: unknown }> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert(outcome instanceof Error, 'expected a failure, and there was none');
  return outcome;
}
