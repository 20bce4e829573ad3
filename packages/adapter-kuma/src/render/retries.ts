import { isRecord } from '@heddle/core';
import { number, type Raw, text } from '../decode/raw.js';
import { CONDITIONS, isStatus } from '../decode/retries.js';

/** Retries as a MeshRetry has them: Kuma's own as they are, others where each of their words has one here; `undefined` where not. */
export function retryConf(retry: unknown): Raw | undefined {
  if (!isRecord(retry)) return undefined;
  if (isRecord(retry.http) || isRecord(retry.grpc) || isRecord(retry.tcp)) return retry;
  const { attempts, perTryTimeout, retryOn, ...others } = retry;
  const count = number(attempts);
  const conditions = text(retryOn)
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const known = conditions.map((one) => CONDITIONS[one] ?? (isStatus(one) ? one : undefined));
  // Without conditions of its own, retries have some that are for gRPC, which a MeshRetry keeps apart.
  if (Object.keys(others).length > 0 || count === undefined || count < 1 || known.length === 0) return undefined;
  const retryConditions = known.filter((one) => one !== undefined);
  if (retryConditions.length < known.length) return undefined;
  return {
    http: { numRetries: count, ...(text(perTryTimeout) === '' ? {} : { perTryTimeout: text(perTryTimeout) }), retryOn: retryConditions },
  };
}
