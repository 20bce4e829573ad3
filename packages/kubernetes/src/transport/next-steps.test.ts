import { isUserError } from '@heddle/core';
import { expect, test } from 'vitest';
import { statusError } from '../api/status-error.js';
import { portLost, portRefused } from '../forward/refusal.js';
import { connectionError, requestTimeout } from './failures.js';

const place = { context: 'c', server: 'https://127.0.0.1:1', proxy: 'http://proxy:3128' };
const far = { ...place, server: 'https://far.example' };
const right = { verb: 'list', group: '', resource: 'pods', namespace: 'n' };
const act = { right };
const target = { pod: { namespace: 'n', name: 'p' }, port: 80 };
const failed = (code: string, at = far) => connectionError(Object.assign(new Error('words'), { code }), at, 'list pods');
const answered = (status: number, message = 'no') =>
  statusError({ status, headers: {}, text: JSON.stringify({ kind: 'Status', message }) }, act, far);

test.each([
  ...[
    'ECONNREFUSED',
    'ENOTFOUND',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'ECONNRESET',
    'EPROXY',
    'EPROTO',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
    'ERR_OSSL_PEM_NO_START_LINE',
  ].map((code) => [code, failed(code)] as const),
  ['nothing on this machine', failed('ECONNREFUSED', place)] as const,
  ['time-out', requestTimeout(far, 'list pods', 1000)] as const,
  ...[401, 403, 409, 429, 503, 504].map((code) => [String(code), answered(code)] as const),
  ['missing right', answered(403, 'User "u" cannot list resource "pods" in API group ""')] as const,
  ['going namespace', answered(403, 'namespace n is being terminated')] as const,
  ['port refused', portRefused('connection refused', target)] as const,
  ['pod not running', portRefused('pod is not running', target)] as const,
  ['port lost', portLost('ECONNRESET', target, far)] as const,
])('what to do after %s is said in sentences of their own', (_, error) => {
  expect(isUserError(error)).toBe(true);
  expect(error.next.length).toBeGreaterThan(0);
  // A full stop, unless the step ends with a command to copy.
  for (const step of error.next) expect(step).toMatch(/^[A-Z](?!.*\bor$)(.*[^.]\.|.*: kubectl .*)$/);
});
