import { clusterReason, type KubeObject } from '@heddle/core';
import { defined, dig } from '../dig.js';
import { ApiError } from '../store/index.js';

/** How the sandbox says that a real server could do this. */
export const notImplemented = (what: string) => new ApiError(501, 'NotImplemented', `heddle sandbox: ${what} is not implemented`);

export const unsupportedMedia = (types: string) =>
  new ApiError(415, 'UnsupportedMediaType', `the body of the request was in an unknown format - accepted media types include: ${types}`);

/** An error as the Status object that the API server would send. */
export function statusOf(error: unknown): KubeObject & { readonly code: number } {
  const message = error instanceof Error ? error.message : String(error);
  const details = error instanceof ApiError ? error.details : undefined;
  const [reason = 'InternalError', code] = [clusterReason(error), Number(dig(error, 'status') ?? 500)];
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, ...defined({ details }), code };
}
