import { type FieldFault, isRecord } from '@heddle/core';
import type { Raw } from '../decode/raw.js';
import { retryFaults } from '../validate/rules/http-retry.js';
import { stored } from '../validate/schema/stored.js';
import { retries } from '../validate/schema/virtual-service.js';
import type { Lose } from './losses.js';

/** `retries`, where they are written as Istio has them: other meshes mean other things by theirs. */
export function retriesFor(retry: unknown, lose: Lose): Raw | undefined {
  if (isRecord(retry) && isTaken(retry)) return retry;
  const message = 'these retries are not written as Istio has them, so that its own count: 2, where no connection was made';
  lose('retry', message, 'write retries into the rule by hand');
  return undefined;
}

function isTaken(retry: Raw): boolean {
  const faults: FieldFault[] = [];
  const kept = stored(retry, retries, '', faults);
  if (faults.length > 0 || Object.keys(retry).some((key) => !(key in kept))) return false;
  retryFaults(kept, '', (pointer, because) => {
    if (because !== undefined) faults.push({ pointer, because });
  });
  return faults.length === 0;
}
