import type { HttpRule } from '../schema/virtual-service.js';
import type { Report } from './report.js';

const GRPC_STATUSES = [
  ...['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS', 'PERMISSION_DENIED'],
  ...['RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS'],
  'UNAUTHENTICATED',
];
const LEAST_SHARE = 0.0001;
const MEGABYTE = 1024 * 1024;

/** Faults that a rule injects (istio/istio `pkg/config/validation`, validateHTTPFaultInjection, 1.31). */
export function injectedFaults(injected: HttpRule['fault'], pointer: string, report: Report): void {
  if (injected === undefined) return;
  const { abort, delay } = injected;
  if (abort === undefined && delay === undefined) report(pointer, 'there must be an abort or a delay');
  shareFaults(abort?.percentage, `${pointer}/abort/percentage`, report);
  shareFaults(delay?.percentage, `${pointer}/delay/percentage`, report);
  if (abort?.httpStatus !== undefined) statusFaults(abort.httpStatus, `${pointer}/abort/httpStatus`, report);
  if (abort?.grpcStatus !== undefined && !GRPC_STATUSES.includes(abort.grpcStatus))
    report(`${pointer}/abort/grpcStatus`, `${JSON.stringify(abort.grpcStatus)} is no status of gRPC`);
  if (abort?.http2Error !== undefined) report(`${pointer}/abort/http2Error`, 'Istio does not support it');
  if (delay?.exponentialDelay !== undefined) report(`${pointer}/delay/exponentialDelay`, 'Istio does not support it');
}

/** validateHTTPDirectResponse. */
export function responseFaults(response: HttpRule['directResponse'], pointer: string, report: Report): void {
  if (response === undefined) return;
  const { string = '', bytes = '' } = response.body ?? {};
  const size = Math.max(Buffer.byteLength(string), Buffer.byteLength(bytes, 'base64'));
  if (size > MEGABYTE) report(`${pointer}/body`, `must be 1 MB at most, not ${size} bytes`);
  statusFaults(response.status ?? 0, `${pointer}/status`, report);
}

function statusFaults(status: number, pointer: string, report: Report): void {
  if (status < 200 || status > 600) report(pointer, `must be between 200 and 600, not ${status}`);
}

function shareFaults(percentage: { readonly value?: number } | undefined, pointer: string, report: Report): void {
  const { value = 0 } = percentage ?? {};
  if (value < 0 || value > 100 || (value > 0 && value < LEAST_SHARE))
    report(`${pointer}/value`, `must be 0, or between ${LEAST_SHARE} and 100, not ${value}`);
}
