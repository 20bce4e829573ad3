import { describeMatch, describeView, type Match, type Proof, type SessionPlan } from '@heddle/core';
import type { Connection } from '../connections.js';
import { type CurlLine, curlLines } from './example-request.js';
import type { MeshRequest } from './request.js';

export interface ProofDocument {
  readonly view: string;
  readonly port: number;
  readonly state: 'proved' | 'written';
  readonly why?: string;
}

/** What a user needs to know of a session that is up. */
export interface ActiveDocument {
  readonly id: string;
  readonly namespace: string;
  readonly service: string;
  readonly ports: MeshRequest['ports'];
  readonly match: Match;
  readonly requests: string;
  /** Whether heddle chose the header: then callers in between must pass it on. */
  readonly ownHeader: boolean;
  readonly curl: readonly CurlLine[];
  readonly proofs: readonly ProofDocument[];
  /** The command that ends it from another terminal. */
  readonly stop: string;
}

export function proofDocuments(proofs: readonly Proof[]): readonly ProofDocument[] {
  return proofs.map(({ view, port, state, why }) => ({ view: describeView(view), port, state, ...(why === undefined ? {} : { why }) }));
}

export function activeDocument(
  session: SessionPlan,
  proofs: readonly Proof[],
  request: MeshRequest,
  { namespace, flags }: Pick<Connection, 'namespace' | 'flags'>,
): ActiveDocument {
  const { id, match, plan } = session;
  const [service] = plan.change.services;
  return {
    id,
    namespace,
    service: request.service,
    ports: request.ports,
    match,
    requests: describeMatch(match),
    ownHeader: request.match === undefined,
    curl: service === undefined ? [] : curlLines(match, service, service.port, plan.after.tables),
    proofs: proofDocuments(proofs),
    stop: `heddle sessions stop ${id} -n ${namespace}${flags}`,
  };
}
