import type { Answer } from '@heddle/core';
import type { Reply } from './call.ts';

/** How far a count may be from what its probability says, in standard deviations. */
const DEVIATIONS = 4;

/** Why nothing is asked: who answers is not the mesh's business, or no backend gets to answer, or it takes too long; `undefined`: it can be asked. */
export function notAsked({ outcomes, faults, seen }: Answer): string | undefined {
  if (outcomes.some(({ host }) => host === 'PassthroughCluster')) return 'leaves the mesh';
  if ((faults?.delay?.percent ?? 0) > 0 && (faults?.delay?.ms ?? 0) > 50) return 'is delayed';
  // The proxy at the backend answers 400 then, whichever Pod was chosen.
  if (seen !== undefined && !seen.path.startsWith('/')) return 'arrives with a path that servers refuse';
  return undefined;
}

/** Whether more than one thing can come of a request, so that it has to be counted. */
export const isUncertain = ({ outcomes, faults }: Answer): boolean =>
  outcomes.length > 1 || outcomes.some(({ pods }) => (pods?.length ?? 0) > 1) || ![undefined, 0, 100].includes(faults?.abort?.percent);

/** The first thing in which replies contradict our answer, in words. */
export function contradiction(answer: Answer, replies: readonly Reply[]): string | undefined {
  const expected = kindsOf(answer);
  const counts = new Map<string, number>();
  for (const reply of replies) {
    const kind = kindOf(reply, answer);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const wrong = detail(answer, reply);
    if (wrong !== undefined) return wrong;
  }
  for (const kind of new Set([...expected.keys(), ...counts.keys()])) {
    const probability = expected.get(kind) ?? 0;
    const count = counts.get(kind) ?? 0;
    const mean = replies.length * probability;
    const allowed = probability === 0 || probability > 1 - 1e-9 ? 0.5 : DEVIATIONS * Math.sqrt(mean * (1 - probability)) + 1;
    if (Math.abs(count - mean) > allowed) {
      return `expected ${shown(expected)} of ${replies.length}, got ${[...counts].map(([key, value]) => `${key} ${value}`).join(', ')}`;
    }
  }
  return undefined;
}

const shown = (expected: ReadonlyMap<string, number>): string =>
  [...expected].map(([kind, probability]) => `${kind} ${(100 * probability).toFixed(1)} %`).join(', ');

/** What may come back, with its probability: `STATUS namespace/pod`, or the status alone where no backend answers. */
function kindsOf({ status, outcomes, faults, protocol }: Answer): ReadonlyMap<string, number> {
  const kinds = new Map<string, number>();
  const add = (kind: string, probability: number) => kinds.set(kind, (kinds.get(kind) ?? 0) + probability);
  const aborted = Math.min(1, (faults?.abort?.percent ?? 0) / 100);
  if (aborted > 0) add(String(faults?.abort?.status), aborted);
  if (aborted === 1) return kinds;
  if (outcomes.length === 0) add(status === undefined ? 'closed' : String(status), 1 - aborted);
  for (const { probability, pods = [], status: own, reason } of outcomes) {
    const share = probability * (1 - aborted);
    if (reason !== undefined || pods.length === 0) add(protocol === 'tcp' ? 'closed' : String(own), share);
    else for (const { namespace, name } of pods) add(`${own} ${namespace}/${name}`, share / pods.length);
  }
  return kinds;
}

const kindOf = ({ status, seen }: Reply, { outcomes }: Answer): string =>
  status === undefined ? 'closed' : seen !== undefined && outcomes.length > 0 ? `${status} ${seen.pod}` : String(status);

/** What a single reply says of the rest of the answer. */
function detail({ redirect, body, seen, outcomes, faults, notes }: Answer, reply: Reply): string | undefined {
  const differ = (what: string, ours: unknown, theirs: unknown) =>
    ours === theirs ? undefined : `${what}: expected ${JSON.stringify(ours)}, got ${JSON.stringify(theirs)}`;
  if (reply.seen !== undefined) {
    const own = notes.some((note) => note.includes('authority of its own'));
    return differ('path', seen?.path, reply.seen.path) ?? (own ? undefined : differ('authority', seen?.authority, reply.seen.authority));
  }
  if (reply.status === faults?.abort?.status) return undefined;
  if (redirect !== undefined) return differ('location', redirect.location, reply.location);
  return outcomes.length === 0 && body !== undefined ? differ('body', body, reply.body) : undefined;
}
