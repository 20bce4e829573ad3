import type { HttpRule } from '../schema/virtual-service.js';
import type { Report } from './report.js';

const POLICIES = [
  ...['5xx', 'gateway-error', 'reset', 'reset-before-request', 'connect-failure', 'retriable-4xx', 'refused-stream'],
  ...['retriable-status-codes', 'retriable-headers', 'envoy-ratelimited', 'http3-post-connect-failure'],
  ...['cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable'],
];

/** First and last of the codes that have a name (Go, `net/http`, StatusText). */
const STATUS_CODES: readonly (readonly [number, number])[] = [
  [100, 103],
  [200, 208],
  [226, 226],
  [300, 305],
  [307, 308],
  [400, 418],
  [421, 426],
  [428, 429],
  [431, 431],
  [451, 451],
  [500, 508],
  [510, 511],
];

/** istio/istio `pkg/config/validation/agent`, ValidateHTTPRetry, 1.31. */
export function retryFaults(retries: HttpRule['retries'], pointer: string, report: Report): void {
  if (retries === undefined) return;
  const { attempts = 0, perTryTimeout, retryOn = '', retryRemoteLocalities } = retries;
  if (attempts < 0) report(`${pointer}/attempts`, `must be 0 or more, not ${attempts}`);
  if (attempts === 0 && (perTryTimeout !== undefined || retryOn !== '' || retryRemoteLocalities !== undefined))
    report(`${pointer}/attempts`, 'must be above 0 where something else is said of retries');
  for (const policy of retryOn === '' ? [] : retryOn.split(',')) {
    if (!POLICIES.includes(policy) && !isStatusCode(policy))
      report(`${pointer}/retryOn`, `${JSON.stringify(policy)} is no reason for a retry that Envoy knows`);
  }
}

const isStatusCode = (policy: string): boolean =>
  /^[+-]?\d+$/.test(policy) && STATUS_CODES.some(([first, last]) => Number(policy) >= first && Number(policy) <= last);
