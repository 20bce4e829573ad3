import type { Client, KubeObject } from '@heddle/core';

export interface CaseRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export type CaseClient = Exclude<Client, { readonly kind: 'none' }> & { readonly name?: string };

/** A recorded case before anybody has answered it. */
export interface RoutingCase {
  readonly id: string;
  readonly title: string;
  readonly objects: readonly KubeObject[];
  readonly client: CaseClient;
  readonly requests: readonly CaseRequest[];
}
