import type { ObjectRef } from '../model/object.js';
import { UserError } from './user-error.js';

/** The reasons that core distinguishes; others are passed on as the server's own word. */
export type ClusterReason =
  | 'Conflict'
  | 'AlreadyExists'
  | 'NotFound'
  | 'Forbidden'
  | 'Unauthorized'
  | 'Invalid'
  | 'Gone'
  | 'ConnectionRefused'
  | 'Unreachable'
  | 'Timeout'
  | (string & {});

/** What the API server or the way to it refused. `status` is the HTTP status, 0 when there was none. */
export class ClusterError extends UserError {
  readonly reason: ClusterReason;
  readonly status: number;
  readonly ref?: ObjectRef;

  constructor(options: {
    reason: ClusterReason;
    status: number;
    message: string;
    ref?: ObjectRef;
    next?: readonly string[];
    cause?: unknown;
  }) {
    super({
      code: `cluster-${options.reason.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()}`,
      exit: 'cluster',
      message: options.message,
      ...(options.next === undefined ? {} : { next: options.next }),
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    });
    this.reason = options.reason;
    this.status = options.status;
    if (options.ref !== undefined) this.ref = options.ref;
  }
}

/** The reason of a `ClusterError`, by shape; `undefined` for anything else. */
export function clusterReason(error: unknown): ClusterReason | undefined {
  return error instanceof Error && 'reason' in error && typeof error.reason === 'string' && 'status' in error ? error.reason : undefined;
}
