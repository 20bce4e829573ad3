import { expect, test } from 'vitest';
import { retryConf } from '../render/retries.js';
import { retryOf } from './retries.js';

test.each<[Record<string, unknown>, unknown]>([
  [
    { http: { numRetries: 3, perTryTimeout: '2s', retryOn: ['5xx', 'Reset', '418'] } },
    { attempts: 3, perTryTimeout: '2s', retryOn: '5xx,reset,418' },
  ],
  [{ http: { numRetries: 1, retryOn: ['ConnectFailure'] } }, { attempts: 1, retryOn: 'connect-failure' }],
])('%j is in words that other meshes have too, and back', (conf, retry) => {
  expect(retryOf(conf)).toEqual(retry);
  expect(retryConf(retry)).toEqual(conf);
});

test.each([
  [{ http: { numRetries: 3 } }],
  [{ http: { numRetries: 3, retryOn: ['HttpMethodGet'] } }],
  [{ http: { numRetries: 3, retryOn: ['5xx'], backOff: { baseInterval: '1s' } } }],
  [{ http: { numRetries: 3, retryOn: ['5xx'] }, tcp: { maxConnectAttempt: 2 } }],
])('%j says something else, and stays as it is written', (conf) => {
  expect(retryOf(conf)).toBe(conf);
});
