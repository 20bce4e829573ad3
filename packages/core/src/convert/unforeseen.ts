import { type KubeObject, refKey } from '../model/object.js';
import type { RoutedService } from '../model/routing.js';
import type { RouteTable, Rule } from '../model/table.js';
import { canonicalJson } from '../plan/content-hash.js';
import { type FoundDifference, requestsOf, type ScopedLoss } from './attribute.js';
import { isNamed } from './compare-service.js';
import type { DecodedService } from './decode-mesh.js';
import type { KnownCallers } from './known-callers.js';
import { repeatedHeaders } from './repeated-headers.js';
import { fieldOfRule } from './source-field.js';
import type { Loss, MeshDifference, ToldPart } from './types.js';
import { HOST, MESH, OUTBOUND } from './unrouted.js';

/**
 * What differs without a foreseen loss: of the meshes as such, or of what was converted, which is a loss then. Never left unsaid, but for
 * what objects of the target decide that were there before: no rule of the source is about it.
 */
export function sortUnforeseen(
  before: DecodedService,
  after: DecodedService,
  found: readonly FoundDifference[],
  { source, kept, callers }: KnownObjects,
): { readonly losses: readonly ScopedLoss[]; readonly differences: readonly MeshDifference[] } {
  const { service } = before;
  const losses: ScopedLoss[] = [];
  const differences: MeshDifference[] = [];
  for (const one of found) {
    const { rule, later, witness } = one.difference;
    if (rule === undefined && later?.origins.every(({ ref }) => kept.has(refKey(ref))) === true) continue;
    const code = meshDifference(one, service, after);
    if (code === undefined) losses.push(unforeseenLoss(service, one, source, callers));
    else differences.push({ ...code, services: [`${service.namespace}/${service.name}`], witness });
  }
  return { losses, differences };
}

export interface KnownObjects {
  /** All objects, by reference. */
  readonly source: ReadonlyMap<string, KubeObject>;
  /** Those of the target that were there before, or come of another source. */
  readonly kept: ReadonlyMap<string, KubeObject>;
  readonly callers: KnownCallers;
}

/** Another Host header than the Service's, or a Service that neither side has rules for. */
export function meshDifference(
  { difference, before }: Pick<FoundDifference, 'difference' | 'before'>,
  service: RoutedService,
  after: DecodedService,
): Pick<MeshDifference, 'code' | 'message'> | undefined {
  if (!isNamed(difference.request.authority, service, difference.client)) return HOST_HEADER;
  if (difference.readsOtherwise) return PATH_NORMALISATION;
  const isBare = (before?.rules ?? []).length === 0 && after.service.tables.every(({ rules }) => rules.length === 0);
  return isBare ? WITHOUT_RULES : undefined;
}

const HOST_HEADER = {
  code: 'host-header',
  message: 'Requests to a Service with a Host header that is none of its names: one mesh routes them by its rules, the other does not',
} as const;

/** Of the meshes, whatever rule it may make a difference for. */
export const PATH_NORMALISATION = {
  code: 'path-normalisation',
  message:
    'Requests with dot segments or needless escapes in their path: one mesh resolves them before it looks at rules, the other does not',
} as const;

export const WITHOUT_RULES = {
  code: 'without-rules',
  message: 'Services that no rule is about: the meshes themselves treat such requests differently',
} as const;

const PART_WORDS: Readonly<Record<ToldPart, string>> = {
  destination: 'where they go',
  redirect: 'where they are redirected to',
  body: 'the body of the answer',
  rewrite: 'the path or host that arrives',
  mirror: 'the copies',
  fault: 'the fault',
  timeout: 'the timeout',
  retry: 'the retries',
  headers: 'the changes to headers',
  opaque: 'what could not be read',
};

function unforeseenLoss(
  service: RoutedService,
  found: FoundDifference,
  objects: ReadonlyMap<string, KubeObject>,
  callers: KnownCallers,
): ScopedLoss {
  const { difference, before, after } = found;
  const { rule, witness } = difference;
  const what = whatDiffers(service, found);
  const ofMesh = what.code === MESH && before !== undefined && after !== undefined ? { before, view: after.view } : undefined;
  const whose = ofMesh === undefined ? before : { ...ofMesh.before, view: ofMesh.view };
  const unmet = ofMesh !== undefined && !callers.mayCall([ofMesh.before.view, ofMesh.view]);
  const loss: Loss = {
    ...what,
    ...fieldOfRule(rule?.origins ?? [], '', objects),
    service: { namespace: service.namespace, name: service.name },
    requests: requestsOf(service, whose, rule),
    witness,
  };
  return { loss, ...(unmet ? { unmet } : {}), covers: (decides, table) => decides === rule && table === before };
}

/** Where a rule sends to, or a table what no rule takes: by name, whoever is there. */
function destinations(rule: Rule | undefined, table: RouteTable | undefined): string | undefined {
  const action = rule === undefined ? table?.otherwise : rule.action;
  if (typeof action !== 'object' || !('to' in action)) return undefined;
  const whole = action.to.reduce((sum, { weight }) => sum + weight, 0);
  const shares = new Map<string, number>();
  for (const { host, labels = {}, weight } of action.to) {
    const name = canonicalJson([host, labels]);
    shares.set(name, (shares.get(name) ?? 0) + weight / whole);
  }
  return canonicalJson([...shares].map(([name, share]) => `${name} ${share.toFixed(9)}`).sort());
}

/** What a mesh does with what it knows nothing of. */
const isNone = ({ rules, otherwise }: RouteTable): boolean => rules.length === 0 && (otherwise === 'passthrough' || otherwise === 'closed');

const SEE = { instead: 'see both with heddle explain, on the files of either mesh' };

/** In words of its own, where it is known how such a difference comes about. */
function whatDiffers(
  { tables }: RoutedService,
  { difference, before, after }: FoundDifference,
): Pick<Loss, 'code' | 'message' | 'instead'> {
  const { rule, parts, request } = difference;
  const isOwn = before !== undefined && tables.includes(before);
  if (!isOwn && rule !== undefined) {
    const domains = before?.domains.join(', ') ?? '';
    return {
      ...SEE,
      code: HOST,
      message: `The rule is for ${domains} alone, and the other mesh has one set of rules for all names of a Service`,
    };
  }
  if (!isOwn) {
    const message = 'These callers have no route to the Service today, and in the other mesh its rules hold for them too';
    return { code: OUTBOUND, message, instead: 'say whom they may reach in policies of the other mesh' };
  }
  if (after !== undefined && isNone(after)) {
    const becomes = after.otherwise === 'closed' ? 'is refused' : 'goes on unrouted';
    const message = `The other mesh has no route to the Service for these callers, so that what they send it ${becomes}`;
    return { code: MESH, message, instead: 'make them and the Service parts of one mesh there' };
  }
  const [header] = repeatedHeaders(request);
  if (header !== undefined) {
    const message = `Requests that bring header ${header} more than once satisfy a condition with each of its values, and the other mesh cannot say that of several conditions`;
    return { code: 'repeated-header', message, instead: 'bring the header once' };
  }
  if (parts.join() === 'destination' && destinations(rule, before) === destinations(difference.later, after)) {
    const message =
      'Requests go to the same destinations, of which the meshes know different Pods: one that has no proxy, or that of another mesh, is none of them';
    return { code: 'endpoints', message, instead: 'let all Pods behind a Service be of one mesh' };
  }
  return {
    ...SEE,
    code: 'differs',
    message: `Found by comparing: ${parts.map((part) => PART_WORDS[part]).join(', ')} would not be the same`,
  };
}
