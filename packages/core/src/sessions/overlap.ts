import { describeMatch } from '../describe/describe-match.js';
import type { Note, Refusal } from '../model/change.js';
import type { Match } from '../model/match.js';
import { overlapping } from '../plan/overlap.js';
import { type Standing, type StandingContext, standingOf } from './lease/expiry.js';
import type { LeaseView } from './lease/lease-object.js';
import { describeIdentity, type SessionRecord } from './lease/record.js';
import { leaseRef } from './names.js';

/** A session that wants, or has, some requests of a service. */
export interface Claim {
  readonly id: string;
  readonly namespace: string;
  readonly service: string;
  readonly ports: readonly number[];
  readonly match: Match;
}

export interface Rival {
  readonly lease: LeaseView;
  readonly record: SessionRecord;
  readonly standing: Standing;
}

export interface Rivals {
  /** Live sessions whose match contains ours or is contained in it: the holder keeps the requests. */
  readonly holders: readonly Rival[];
  /** Such sessions that anybody, or this user, may clean up. */
  readonly dead: readonly Rival[];
  readonly notes: readonly Note[];
}

/** Who else has sessions on the claimed ports. Matches that merely can meet in one request are noted: the older session wins. */
export function rivalsOf(claim: Claim, leases: readonly LeaseView[], context: StandingContext): Rivals {
  const holders: Rival[] = [];
  const dead: Rival[] = [];
  const notes: Note[] = [];
  for (const lease of leases) {
    const { record } = lease;
    if (lease.id === claim.id || lease.namespace !== claim.namespace) continue;
    if (record === undefined) {
      notes.push({
        code: 'record-unreadable',
        message: `Session ${lease.id} cannot be checked for overlap: ${lease.problem}`,
        ref: leaseRef(lease.namespace, lease.id),
      });
      continue;
    }
    if (record.kind !== 'session' || record.service !== claim.service || !record.ports.some((port) => claim.ports.includes(port))) continue;
    const overlap = overlapping([claim.match], [record.match]);
    if (overlap === 'disjoint') continue;
    const standing = standingOf(lease, context);
    if (overlap === 'may-meet') {
      if (standing.is === 'live') notes.push(mayMeet(claim, record));
      continue;
    }
    (standing.is === 'live' ? holders : dead).push({ lease, record, standing });
  }
  return { holders, dead, notes };
}

export function overlapRefusal(claim: Claim, rival: Pick<Rival, 'record'>): Refusal {
  const { record } = rival;
  const who = describeIdentity(record.startedBy);
  return {
    code: 'overlap',
    message:
      `${who} already has the requests with ${describeMatch(record.match)} of ${record.namespace}/${record.service} in session ${record.id}, ` +
      `and one of the two matches contains the other (${describeMatch(claim.match)})`,
    instead: `Choose another --header, or ask ${record.startedBy.user} to end it: heddle sessions stop ${record.id}`,
    ref: leaseRef(record.namespace, record.id),
  };
}

function mayMeet(claim: Claim, record: SessionRecord): Note {
  const older = record.id < claim.id ? `session ${record.id}` : 'this session';
  return {
    code: 'may-meet',
    message: `A request can match both this session and session ${record.id} of ${describeIdentity(record.startedBy)} (${describeMatch(record.match)}): ${older}, the older one, gets it`,
    ref: leaseRef(record.namespace, record.id),
  };
}
