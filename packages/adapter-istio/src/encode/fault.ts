import { collectResults, duration, type Fault, ok, type Result, refuse } from '@heddle/core';
import type { Raw } from '../decode/raw.js';
import { shareOf } from './share.js';

/** Istio's durations are Go's, in 64 bits of nanoseconds. */
const LONGEST_MS = 9_223_372_036_854;

/** A fault in Istio's words, as its webhook and Envoy take it (istio `pkg/config/validation`, validateHTTPFaultInjection, 1.31). */
export function writtenFault({ delay, abort }: Fault): Result<Raw> {
  const parts = collectResults([...(delay === undefined ? [] : [delayOf(delay)]), ...(abort === undefined ? [] : [abortOf(abort)])]);
  if ('refused' in parts) return parts;
  if (parts.ok.length === 0) return refuse('invalid-fault', 'fault: expected a delay or an abort, received neither', 'leave the fault out');
  return ok(Object.assign({}, ...parts.ok));
}

function delayOf({ percent, ms }: NonNullable<Fault['delay']>): Result<Raw> {
  if (!Number.isInteger(ms) || ms < 1 || ms > LONGEST_MS) {
    return refuse('invalid-fault', `fault.delay: expected whole milliseconds, 1 or more, received ${ms}`, 'Istio takes 1ms and more');
  }
  const percentage = shareOf(percent, 'fault.delay');
  return 'refused' in percentage ? percentage : ok({ delay: { percentage: percentage.ok, fixedDelay: duration(ms) } });
}

/** The webhook lets 600 pass, and Envoy then refuses all of the proxy's routes (envoy `fault.proto`, FaultAbort, http_status). */
function abortOf({ percent, status }: NonNullable<Fault['abort']>): Result<Raw> {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    return refuse('invalid-fault', `fault.abort: expected a status from 200 to 599, received ${status}`, 'name another status');
  }
  const percentage = shareOf(percent, 'fault.abort');
  return 'refused' in percentage ? percentage : ok({ abort: { percentage: percentage.ok, httpStatus: status } });
}
