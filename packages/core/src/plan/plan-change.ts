import type { Decoded, Gap } from '../contracts/mesh-adapter.js';
import {
  type Change,
  describeService,
  type Note,
  type ObjectEdit,
  type Planned,
  type Refusal,
  type ServiceRef,
  type Target,
} from '../model/change.js';
import { refKey } from '../model/object.js';
import type { Observed } from '../model/observed.js';
import { sameOwner } from '../model/owner.js';
import { viewKey } from '../model/view.js';
import { checkEffect } from './check-effect.js';
import { checkStructure, type Side } from './check-structure.js';
import { canonicalJson } from './content-hash.js';
import { deadTargets, sparedVersions } from './dead-targets.js';
import { effectsOf } from './effects.js';
import { isManaged } from './foreign-content.js';
import { leavingRules } from './leaving.js';
import { observe } from './observe.js';
import { planNotes } from './plan-notes.js';
import { checkCapabilities } from './required-features.js';
import { leakRefusal, type ShadowLeak, shadowLeaks } from './shadow-leaks.js';
import { seenObject, simulate } from './simulate.js';
import type { MeshContext, ObjectDiff, Planning, PlanOptions } from './types.js';

const MAX_WIDENINGS = 5;

/**
 * Plans a change: observes the services and what the edits would touch besides, encodes, and checks on the tables before and after
 * that only the declared requests change (design principle 4). What cannot be done, or cannot be checked, comes back as refusals:
 * a capability's name, a gap's feature, the adapter's own codes, or `effect-check-failed` with the request that shows it.
 * Throws only `ClusterError` (the cluster cannot be read) and `BugError` (the adapter breaks its contract).
 */
export async function planChange(context: MeshContext, change: Change, options: PlanOptions = {}): Promise<Planning> {
  const { adapter, env } = context;
  const incapable = checkCapabilities(change, adapter, env);
  if (incapable.length > 0) return { refused: incapable };

  const { seen, target, encoded } = await observeAndEncode(context, change, options);
  const before = adapter.decode(target, seen, env);
  const edits = 'ok' in encoded ? encoded.ok : [];
  const own = () => adapter.decode({ services: change.services }, seen, env).gaps;
  const gaps = sortGaps(change, before.gaps, own, edits);
  if (gaps.refused.length > 0) return { refused: gaps.refused.map(gapRefusal) };
  if ('refused' in encoded) return { refused: encoded.refused };

  const after = simulate(seen, edits);
  const freed = freedBy(change, edits, seen, adapter);
  return checked(
    context,
    change,
    edits,
    {
      before: { seen, decoded: before },
      base: freed.length === 0 ? before : adapter.decode(target, simulate(seen, freed), env),
      after: { seen: after, decoded: adapter.decode(target, after, env) },
    },
    [...encoded.notes, ...gaps.outside.map(gapNote)],
    options,
  );
}

interface Sides {
  readonly before: Side;
  /** What the effect is measured against. */
  readonly base: Decoded;
  readonly after: Side;
}

/**
 * An object of ours that goes because its rules move to one that a user has made since, or that is made anew of what it was a copy of:
 * it hid that, which counts from now on. So the change is measured against what stands without it, as its own rules are left out too.
 */
function freedBy(change: Change, edits: readonly ObjectEdit[], seen: Observed, { owned }: MeshContext['adapter']): readonly ObjectEdit[] {
  if (change.intents.length === 0) return [];
  return edits.flatMap((edit): readonly ObjectEdit[] => {
    const object = seenObject(seen, edit.ref);
    if (edit.op === 'create' || !isManaged(object)) return [];
    const isAlone = owned(object).every((rule) => sameOwner(rule.owner, change.owner));
    const { ref, stage, why, uid, resourceVersion } = edit;
    return edit.op === 'delete' || isAlone ? [{ ref, stage, why, uid, resourceVersion, op: 'delete' }] : [];
  });
}

function checked(
  { adapter, env }: MeshContext,
  change: Change,
  edits: readonly ObjectEdit[],
  { before, base, after }: Sides,
  notes: readonly Note[],
  options: PlanOptions,
): Planning {
  const dead = deadTargets(change, after.decoded.tables);
  const spared = dead.length === 0 ? new Set<string>() : sparedBy(change, before.decoded, after.decoded, env, options);
  const deadAnew = deadTargets(change, after.decoded.tables, spared);
  if (deadAnew.length > 0) return { refused: deadAnew };
  const leaking = newLeaks({ adapter, env }, change, before, after);
  if (leaking.length > 0) return { refused: leaking };
  const structure = checkStructure(change, edits, adapter, { seen: before.seen, decoded: base }, after);
  const allowed = { leaving: leavingRules(change, edits, before.seen), spared };
  const effect = checkEffect(change, base.tables, after.decoded.tables, env, allowed);
  const failures = [...structure.failures, ...effect.failures, ...newGaps(change, before.decoded, after.decoded)];
  if (failures.length > 0) return { refused: failures.map(failedCheck) };
  // What people are told is measured against what stands now, our own objects with it; whether it is right was measured above.
  const { changed } = base === before.decoded ? effect : checkEffect(change, before.decoded.tables, after.decoded.tables, env);
  return {
    plan: {
      change,
      edits,
      diffs: [...new Map(edits.map((edit) => [refKey(edit.ref), edit])).values()].map((edit) => diffOf(edit, before.seen)),
      seen: before.seen,
      before: before.decoded,
      after: after.decoded,
      effects: effectsOf(change, changed, options.was),
      checks: { foreignRules: structure.foreignRules, witnesses: effect.witnesses, unwitnessed: effect.unwitnessed },
      notes: [
        ...notes,
        ...dead.map(stillDead),
        ...planNotes(change, before.decoded, after.decoded, effect, (ref) => isManaged(seenObject(after.seen, ref))),
      ],
    },
  };
}

interface Encoding {
  readonly seen: Observed;
  readonly target: Target;
  readonly encoded: Planned<readonly ObjectEdit[]>;
}

/**
 * Reads the services and what else the edits would touch, and encodes; until nothing has been seen that `affects` did not see, and reading
 * what the edits would make of it all asks for nothing new (a new rule may lead where nobody looked before).
 */
async function observeAndEncode(context: MeshContext, change: Change, options: PlanOptions): Promise<Encoding> {
  const { adapter, env } = context;
  let target: Target = { services: change.services };
  let seen = await observe(context, target, options);
  for (let round = 0; ; round += 1) {
    const wider = union(target, adapter.affects(change, seen, env));
    const grown = canonicalJson(wider) !== canonicalJson(target);
    target = wider;
    const known = seen;
    if (grown) seen = await observe(context, target, { ...options, known });
    const encoded = adapter.encode(change, seen, env);
    const more = await observe(context, target, { ...options, known: 'ok' in encoded ? simulate(seen, encoded.ok) : seen });
    const fresh = [...more].filter(([key]) => !seen.has(key));
    if ((fresh.length === 0 && seen.size === known.size) || round === MAX_WIDENINGS) return { seen, target, encoded };
    seen = new Map([...seen, ...fresh]);
  }
}

function union(a: Target, b: Target): Target {
  const services = new Map([...a.services, ...b.services].map((service): [string, ServiceRef] => [describeService(service), service]));
  const hosts = [...new Set([...(a.hosts ?? []), ...(b.hosts ?? [])])];
  return { services: [...services.values()], ...(hosts.length === 0 ? {} : { hosts }) };
}

/**
 * A gap of the change's own services refuses it, and so does one in an object that it edits: neither could be checked. One beside
 * them is a note. Removing rules is never refused for what cannot be read: what stays foreign is compared byte for byte.
 */
function sortGaps(change: Change, all: readonly Gap[], own: () => readonly Gap[], edits: readonly ObjectEdit[]) {
  if (change.intents.length === 0 || all.length === 0) return { refused: [], outside: all };
  const [ownKeys, edited] = [new Set(own().map(canonicalJson)), new Set(edits.map(({ ref }) => refKey(ref)))];
  const refuses = (gap: Gap) => ownKeys.has(canonicalJson(gap)) || gap.ref === undefined || edited.has(refKey(gap.ref));
  return { refused: all.filter(refuses), outside: all.filter((gap) => !refuses(gap)) };
}

/** What cannot be read keeps a change from being made. */
export function gapRefusal({ feature, message, ref }: Gap): Refusal {
  const instead = feature === 'unread' ? { instead: "Ask for a role with these rights (docs/guide.md, Rights, has the mesh's)" } : {};
  return { code: feature, message, ...instead, ...(ref === undefined ? {} : { ref }) };
}

function gapNote({ feature, message, ref }: Gap): Note {
  return { code: feature, message: `Not checked: ${message}`, ...(ref === undefined ? {} : { ref }) };
}

/** Versions that are dead already and get no more than they do. */
function sparedBy(
  change: Change,
  before: Decoded,
  after: Decoded,
  env: MeshContext['env'],
  { was = [] }: PlanOptions,
): ReadonlySet<string> {
  return was.length === 0 ? new Set() : sparedVersions(was, checkEffect(change, before.tables, after.tables, env));
}

const stillDead = ({ code, message }: Refusal): Note => ({
  code,
  message: `${message}. That is so already, and no more goes there than does`,
});

/** What comes to a shadow that is not its session's: to this session's own in any case, to others' if it did not before. */
function newLeaks({ adapter, env }: Pick<MeshContext, 'adapter' | 'env'>, change: Change, before: Side, after: Side): readonly Refusal[] {
  const key = (leak: ShadowLeak) => canonicalJson([leak.owner, viewKey(leak.table.view), leak.table.port, leak.table.domains]);
  const known = new Set(shadowLeaks(before.decoded.tables, before.seen).map(key));
  const isOwn = (leak: ShadowLeak) => sameOwner(leak.owner, change.owner);
  const leaks = shadowLeaks(after.decoded.tables, after.seen).filter((leak) =>
    isOwn(leak) ? change.intents.length > 0 : !known.has(key(leak)),
  );
  const [service] = change.services;
  if (leaks.length === 0 || service === undefined) return [];
  const pinnable = adapter.versions(service, before.seen, env).map(({ id }) => id);
  const refused = leaks.map((leak) => leakRefusal(leak, change.owner, pinnable));
  return [...new Map(refused.map((refusal) => [refusal.message, refusal])).values()];
}

function newGaps(change: Change, before: Decoded, after: Decoded): readonly string[] {
  if (change.intents.length === 0) return [];
  const known = new Set(before.gaps.map(canonicalJson));
  return after.gaps.filter((gap) => !known.has(canonicalJson(gap))).map(({ message }) => `Afterwards it could not be read: ${message}`);
}

function failedCheck(message: string): Refusal {
  return {
    code: 'effect-check-failed',
    message,
    instead: 'Nothing was changed; if the rules look right to you, please report this with the objects concerned',
  };
}

function diffOf(edit: ObjectEdit, seen: Observed): ObjectDiff {
  const before = seenObject(seen, edit.ref);
  return { ref: edit.ref, ...(before === undefined ? {} : { before }), ...(edit.op === 'delete' ? {} : { after: edit.body }) };
}
