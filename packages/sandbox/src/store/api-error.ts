import { ClusterError, type ObjectRef } from '@heddle/core';
import { defined } from '../dig.js';
import { apiVersionOf, type KindSpec, qualified } from './kinds.js';

/** What the API server answers instead of an object. Its texts are those of Kubernetes 1.36, seen on a live server. */
export class ApiError extends ClusterError {
  /** `details` of the Status object. */
  readonly details: object | undefined;

  constructor(status: number, reason: string, message: string, details?: object, ref?: ObjectRef) {
    super({ status, reason, message, ...defined({ ref }) } as ConstructorParameters<typeof ClusterError>[0]);
    this.details = details;
  }
}

/** Names one object of a kind. */
export interface ObjectKey {
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** An error about one object, named for `%`: by its resource or, in some places, by its kind. */
function about(status: number, reason: string, kind: KindSpec, key: ObjectKey, text: string, as = kind.plural, causes?: readonly object[]) {
  const details = defined({ name: key.name, group: kind.group || undefined, kind: as, causes });
  const place = defined({ namespace: kind.namespaced ? key.namespace : undefined });
  const message = text.replace('%', () => `${qualified(as, kind.group)} "${key.name}"`);
  return new ApiError(status, reason, message, details, { apiVersion: apiVersionOf(kind), kind: kind.kind, ...place, name: key.name });
}

export const notFound = (kind: KindSpec, key: ObjectKey) => about(404, 'NotFound', kind, key, '% not found');

export const alreadyExists = (kind: KindSpec, key: ObjectKey) => about(409, 'AlreadyExists', kind, key, '% already exists');

/** 409 of an update, or of a delete, where the server names a custom resource by its kind. */
export const conflict = (kind: KindSpec, key: ObjectKey, why: string, as = kind.plural) =>
  about(409, 'Conflict', kind, key, `Operation cannot be fulfilled on %: ${why}`, as);

export const forbidden = (kind: KindSpec, key: ObjectKey, why: string) => about(403, 'Forbidden', kind, key, `% is forbidden: ${why}`);

export const invalid = (kind: KindSpec, key: ObjectKey, field: string, message: string, as = kind.kind) =>
  about(422, 'Invalid', kind, key, `% is invalid: ${field}: ${message}`, as, [{ reason: 'FieldValueInvalid', message, field }]);

export const badRequest = (message: string) => new ApiError(400, 'BadRequest', message);

export const noSuchResource = () => new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
