import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { processControl } from './signals.js';

it('takes signals that come at once for one, as from timeout or npm, and a later one for another', async () => {
  const heard: string[] = [];
  const off = processControl().onSignal((signal) => heard.push(signal));
  try {
    process.emit('SIGTERM', 'SIGTERM');
    process.emit('SIGTERM', 'SIGTERM');
    process.emit('SIGHUP', 'SIGHUP');
    expect(heard).toEqual(['SIGTERM']);
    await sleep(300);
    process.emit('SIGINT', 'SIGINT');
    expect(heard).toEqual(['SIGTERM', 'SIGINT']);
  } finally {
    off();
  }
});
