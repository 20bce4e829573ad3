import { ClusterError, type ClusterReason, type ObjectRef } from '@heddle/core';
import { defined } from '../dig.js';
import { apiVersionOf, type KindSpec, qualified } from './kinds.js';

/** `details` of a Status object. */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly causes?: readonly { readonly reason: string; readonly message: string; readonly field: string }[];
}

/** What the API server answers instead of an object. Its texts are those of Kubernetes 1.36, seen on a live server. */
export class ApiError extends ClusterError {
  readonly details: StatusDetails | undefined;

  constructor(status: number, reason: ClusterReason, message: string, details?: StatusDetails, ref?: ObjectRef) {
    super({ status, reason, message, ...(ref === undefined ? {} : { ref }) });
    this.details = details;
  }
}

/** Names one object of a kind. */
export interface ObjectKey {
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** An error about one object. The server names it by its resource or, in some places, by its kind. */
function about(
  status: number,
  reason: string,
  kind: KindSpec,
  key: ObjectKey,
  text: (named: string) => string,
  as = kind.plural,
  causes?: StatusDetails['causes'],
) {
  const details = defined({ name: key.name, group: kind.group === '' ? undefined : kind.group, kind: as, causes });
  const ref = {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    ...defined({ namespace: kind.namespaced ? key.namespace : undefined }),
    name: key.name,
  };
  return new ApiError(status, reason, text(`${qualified(as, kind.group)} "${key.name}"`), details, ref);
}

export const notFound = (kind: KindSpec, key: ObjectKey) => about(404, 'NotFound', kind, key, (named) => `${named} not found`);

export const alreadyExists = (kind: KindSpec, key: ObjectKey) =>
  about(409, 'AlreadyExists', kind, key, (named) => `${named} already exists`);

/** 409 of an update, or of a delete, where the server names a custom resource by its kind. */
export const conflict = (kind: KindSpec, key: ObjectKey, why: string, as = kind.plural) =>
  about(409, 'Conflict', kind, key, (named) => `Operation cannot be fulfilled on ${named}: ${why}`, as);

export const forbidden = (kind: KindSpec, key: ObjectKey, why: string) =>
  about(403, 'Forbidden', kind, key, (named) => `${named} is forbidden: ${why}`);

export const invalid = (kind: KindSpec, key: ObjectKey, field: string, message: string, as = kind.kind) =>
  about(422, 'Invalid', kind, key, (named) => `${named} is invalid: ${field}: ${message}`, as, [
    { reason: 'FieldValueInvalid', message, field },
  ]);

export const badRequest = (message: string) => new ApiError(400, 'BadRequest', message);

export const expired = (since: number, oldest: number) => new ApiError(410, 'Expired', `too old resource version: ${since} (${oldest})`);

export const noSuchResource = () => new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
