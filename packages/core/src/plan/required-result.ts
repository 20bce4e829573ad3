import { describePercent } from '../describe/describe-percent.js';
import type { Answer } from '../model/answer.js';
import type { Change, Intent } from '../model/change.js';
import type { Request } from '../model/match.js';
import type { Destination, Rule } from '../model/table.js';
import { canonicalJson } from './content-hash.js';
import type { Decider } from './decide.js';
import { differingParts, type Result, versionName, versionOf } from './outcome.js';
import type { Scope } from './scope.js';

/** What a change must make of a request inside its scope, and what it must keep. */
export interface Required {
  readonly change: Change;
  readonly scope: Scope;
  /** Without this owner's rules. */
  readonly base: Result;
  readonly after: Result;
  readonly today: Decider;
  readonly then: Decider;
  readonly request: Request;
  /** Versions of which it is known that nobody answers for them. */
  readonly spared: ReadonlySet<string>;
}

const SHARE_TOLERANCE = 1e-6;

/** What is wrong with the result, in words; empty when it is as declared. */
export function shortcomings(required: Required): readonly string[] {
  const { change, scope, base, after, today, then, request } = required;
  const to = intentOf(scope, 'to');
  const mirror = intentOf(scope, 'mirror');
  const fault = intentOf(scope, 'fault');
  const takenOver = change.owner.kind === 'session' && to !== undefined;
  // A takeover copies the rule of others; anything else leaves what is there today.
  const kept: Result = takenOver ? { answer: today.answer(scope.copied, request), rule: scope.copied } : base;
  const differing = differingParts(kept, after);
  const same = (...parts: readonly string[]) => parts.filter((part) => differing.includes(part)).map((part) => `its ${part} would change`);
  const alive = [aliveAnswer(today, kept.rule, request), aliveAnswer(then, after.rule, request)];
  const mirrors = alive.map((answer) => canonicalJson(answer.mirrors));
  const otherMirrors = mirrors[0] === mirrors[1] ? [] : ['its mirror would change'];
  const paths = alive.map(({ seen }) => canonicalJson(seen));
  return [
    ...(to === undefined || isAnswered(kept) ? same('distribution', 'status') : wrongDistribution(to, required)),
    ...(mirror === undefined ? (takenOver ? none(after.answer.mirrors, 'mirrored') : otherMirrors) : wrongMirror(mirror, required)),
    ...(fault === undefined ? (takenOver ? none(after.answer.faults, 'made to fail') : same('fault')) : wrongFault(fault, after)),
    ...(paths[0] === paths[1] ? [] : [`its path or authority would change: ${paths[0]} is expected, ${paths[1]} would arrive`]),
    ...same('timeout', 'retry', 'headers', 'preflight', 'redirect', 'body', 'protocol'),
    ...(takenOver || fault !== undefined ? newlyOpaque(kept, after) : same('opaque')),
  ];
}

/** A preflight request, which the proxy answers itself: it stays with that, whoever gets the others. */
const isAnswered = ({ answer, rule }: Result): boolean =>
  rule?.preflight !== undefined && answer.outcomes.length === 0 && answer.status === 200;

function wrongDistribution(intent: Extract<Intent, { to: unknown }>, { change, scope, base, after, spared }: Required): readonly string[] {
  const total = intent.to.reduce((sum, { weight }) => sum + weight, 0);
  const wanted = new Map(intent.to.map(({ version, weight }) => [version, intent.to.length === 1 ? 1 : weight / total]));
  const got = new Map<string, number>();
  // Callers for whom the service does not exist get 503 today, and no other.
  const unseen = base.answer.outcomes.length > 0 && base.answer.outcomes.every(({ reason }) => reason === 'NC');
  const wrong: string[] = [];
  for (const outcome of after.answer.outcomes) {
    const version = versionOf(outcome, change);
    got.set(version?.id ?? '', (got.get(version?.id ?? '') ?? 0) + outcome.probability);
    if (version === undefined)
      wrong.push(`${outcome.host}${outcome.subset === undefined ? '' : ` ${outcome.subset}`} is no declared destination`);
    else if (outcome.reason === 'NC' && !unseen && !spared.has(version.id))
      wrong.push(`${versionName(version, change)} does not exist for the mesh (503)`);
    else if (outcome.reason === 'UH' && change.owner.kind === 'route' && !spared.has(version.id))
      wrong.push(`${version.id} has no ready pod (503)`);
    if (outcome.port !== undefined && !scope.ports.includes(outcome.port))
      wrong.push(`port ${outcome.port} is not ${scope.ports.join(' or ')}`);
  }
  for (const [version, share] of wanted) {
    const had = got.get(version) ?? 0;
    if (Math.abs(had - share) > SHARE_TOLERANCE)
      wrong.push(
        `${change.owner.kind === 'session' ? 'shadow' : version} gets ${describePercent(100 * had)} instead of ${describePercent(100 * share)}`,
      );
  }
  return [...new Set(wrong)];
}

/** Of what is sent on; a request that the proxy answers itself has no copies. */
function wrongMirror({ mirror }: Extract<Intent, { mirror: unknown }>, { change, after, then, request }: Required): readonly string[] {
  if (isAnswered(after)) return none(after.answer.mirrors, 'mirrored');
  const [only, ...more] = aliveAnswer(then, after.rule, request).mirrors ?? [];
  const right =
    only !== undefined && more.length === 0 && versionOf(only, change)?.id === mirror.version && only.percent === mirror.percent;
  return right ? [] : [`it is not mirrored to ${mirror.version} at ${mirror.percent} % alone`];
}

function wrongFault({ fault }: Extract<Intent, { fault: unknown }>, after: Result): readonly string[] {
  return canonicalJson(fault) === canonicalJson(after.answer.faults) ? [] : ['the fault is not the declared one'];
}

const none = (found: unknown, what: string) => (found === undefined ? [] : [`it would still be ${what}`]);

function newlyOpaque(kept: Result, after: Result): readonly string[] {
  const known = Object.keys(kept.rule?.opaque ?? {});
  return Object.keys(after.rule?.opaque ?? {}).flatMap((what) => (known.includes(what) ? [] : [`it would depend on ${what}`]));
}

/**
 * The answer, supposing that a backend is ready: a rule's rewrite shows even where its pods are not, and so do its mirrors, since nothing
 * is mirrored while the destination is dead, which is no matter of the rule. Where nothing decides, the request arrives as it was sent.
 */
function aliveAnswer(decider: Decider, rule: Rule | undefined, request: Request): Answer {
  return decider.answer(decider.alive(rule, READY), request);
}

const READY: Destination = { host: 'ready', weight: 1, endpoints: [{ namespace: 'ready', name: 'ready' }] };

function intentOf<D extends 'to' | 'mirror' | 'fault'>(scope: Scope, dimension: D) {
  return scope.intents.find((intent): intent is Extract<Intent, Record<D, unknown>> => dimension in intent);
}
