import { clusterReason, messageOf } from '@heddle/core';
import { defined, dig } from '../dig.js';
import { ApiError } from '../store/index.js';

/** How the sandbox says that a real server could do this. */
export const notImplemented = (what: string) => new ApiError(501, 'NotImplemented', `heddle sandbox: ${what} is not implemented`);

export const unsupportedMedia = (types: string) =>
  new ApiError(415, 'UnsupportedMediaType', `the body of the request was in an unknown format - accepted media types include: ${types}`);

/** An error as the Status object that the API server would send. */
export function statusOf(error: unknown) {
  const message = messageOf(error);
  const { reason = 'InternalError', code = 500 } = { reason: clusterReason(error), code: dig(error, 'status') as number | undefined };
  const details = dig(error, 'details');
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, ...defined({ details }), code };
}
