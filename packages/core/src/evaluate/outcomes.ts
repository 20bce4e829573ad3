import type { MirrorOutcome, Outcome } from '../model/answer.js';
import type { Destination, Mirror } from '../model/table.js';

const usable = (weight: number) => (Number.isFinite(weight) && weight > 0 ? weight : 0);

/**
 * The ways that a request can go, with exact probabilities; destinations that are the same are one. A single destination gets
 * everything, whatever its weight; empty when several weights sum to 0.
 */
export function outcomesOf(destinations: readonly Destination[], protocol: 'http' | 'tcp'): readonly Outcome[] {
  const [only] = destinations;
  if (only !== undefined && destinations.length === 1) return [outcome(only, 1, protocol)];
  const total = destinations.reduce((sum, { weight }) => sum + usable(weight), 0);
  const shares = new Map<string, { readonly destination: Destination; weight: number }>();
  for (const destination of destinations) {
    const weight = usable(destination.weight);
    if (weight === 0) continue;
    const key = keyOf(destination);
    const share = shares.get(key);
    if (share === undefined) shares.set(key, { destination, weight });
    else share.weight += weight;
  }
  return [...shares.values()].map(({ destination, weight }) => outcome(destination, weight / total, protocol));
}

/** Destinations of a mesh without subsets are told apart by their labels. */
function keyOf({ host, port, subset, version, labels }: Destination): string {
  return JSON.stringify([host, port, subset, version, Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function outcome(destination: Destination, probability: number, protocol: 'http' | 'tcp'): Outcome {
  const reason = reasonOf(destination);
  const status = reason === undefined ? 200 : protocol === 'tcp' ? undefined : reason === 'NC' ? (destination.missingStatus ?? 503) : 503;
  return {
    probability,
    ...placeOf(destination),
    ...(destination.version === undefined ? {} : { version: destination.version }),
    pods: podsOf(destination),
    ...(status === undefined ? {} : { status }),
    ...(reason === undefined ? {} : { reason }),
  };
}

export function mirrorOutcome({ destination, percent }: Mirror): MirrorOutcome {
  const reason = reasonOf(destination);
  return { ...placeOf(destination), percent, pods: podsOf(destination), ...(reason === undefined ? {} : { reason }) };
}

function placeOf({ host, port, subset, labels }: Destination) {
  return {
    host,
    ...(port === undefined ? {} : { port }),
    ...(subset === undefined ? {} : { subset }),
    ...(labels === undefined ? {} : { labels }),
  };
}

const podsOf = ({ endpoints }: Destination) => (endpoints === 'no-cluster' ? [] : endpoints);

function reasonOf({ endpoints }: Destination): 'NC' | 'UH' | undefined {
  if (endpoints === 'no-cluster') return 'NC';
  return endpoints.length === 0 ? 'UH' : undefined;
}
