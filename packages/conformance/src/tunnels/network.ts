import type { Dial, PodProcess } from '@heddle/core';
import { Freezable } from './freezable.js';

/** The way to a pod, for one tunnel: it can break, and it can fall silent. */
export interface Network {
  readonly dial: Dial;
  /** Nothing passes any more, and nobody is told. */
  freeze(): void;
  /** Every stream breaks. */
  cut(): void;
}

export function networkTo(process: PodProcess): Network {
  const streams = new Set<Freezable>();
  let frozen = false;
  return {
    dial: async (port, signal) => {
      if (frozen) await aborted(signal);
      const stream = new Freezable(await process.connect(port));
      streams.add(stream);
      stream.once('close', () => streams.delete(stream));
      return stream;
    },
    freeze: () => {
      frozen = true;
      for (const stream of streams) stream.freeze();
    },
    cut: () => {
      for (const stream of streams) stream.destroy(Object.assign(new Error('the wire was cut'), { code: 'ECONNRESET' }));
    },
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
  });
}
