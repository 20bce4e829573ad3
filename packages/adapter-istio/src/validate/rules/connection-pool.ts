import type { connectionPool } from '../schema/destination-rule.js';
import type { Stored } from '../schema/schema.js';
import type { Report } from './report.js';

const COUNTS = ['http1MaxPendingRequests', 'http2MaxRequests', 'maxRequestsPerConnection', 'maxRetries', 'maxConcurrentStreams'] as const;

/** istio/istio `pkg/config/validation`, validateConnectionPool, 1.31. */
export function connectionPoolFaults(pool: Stored<typeof connectionPool> | undefined, pointer: string, report: Report): void {
  if (pool === undefined) return;
  const { http, tcp } = pool;
  if (http === undefined && tcp === undefined) report(pointer, 'there must be http or tcp');
  for (const key of COUNTS) {
    if ((http?.[key] ?? 0) < 0) report(`${pointer}/http/${key}`, `must be 0 or more, not ${http?.[key]}`);
  }
  if (http?.h2UpgradePolicy === 'UPGRADE' && http.useClientProtocol === true)
    report(`${pointer}/http/useClientProtocol`, 'must not be true where h2UpgradePolicy is UPGRADE');
  for (const key of ['interval', 'timeout'] as const) {
    if (http?.http2KeepAlive !== undefined && http.http2KeepAlive[key] === undefined)
      report(`${pointer}/http/http2KeepAlive/${key}`, 'there must be one');
  }
  if ((tcp?.maxConnections ?? 0) < 0) report(`${pointer}/tcp/maxConnections`, `must be 0 or more, not ${tcp?.maxConnections}`);
}
