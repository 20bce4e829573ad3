import type { Golden } from '@heddle/conformance';
import { type Change, foreignContent, isManaged, type KubeObject, parentPointers, refKey, refOf, sameOwner } from '@heddle/core';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { worlds as istioWorlds } from '../../packages/adapter-istio/test/support/worlds.js';
import { BASE, worlds as kumaWorlds } from '../../packages/conformance/test/support/kuma-worlds.js';
import { applied, encoded, type Mesh, stored } from './support/encoding.js';
import { MESHES, type MeshName, recorded, removal, servicesIn, session, split } from './support/worlds.js';

/** More of them look longer: the seed and the path of what is found are printed. */
const RUNS = Number(process.env.HEDDLE_RUNS ?? 25);

/** Three sessions, two of which meet, and a standing route. */
const MATCHES = [
  { headers: [{ name: 'x-dev', is: { exact: 'alice' } }] },
  { headers: [{ name: 'x-heddle', is: { exact: 'b2' } }], path: { kind: 'segmentPrefix', value: '/api' } },
  { headers: [{ name: 'x-team', is: { prefix: 'pay' } }] },
] as const;
const IDS = ['a1a1a1a1a1a1', 'b2b2b2b2b2b2', 'c3c3c3c3c3c3'] as const;

const steps = fc.array(fc.record({ owner: fc.nat(3), does: fc.constantFrom('add', 'add', 'clear', 'again') }), {
  minLength: 3,
  maxLength: 7,
});

/** What a user would compare: all but what tells when it was stored. */
function bytes(object: KubeObject): string {
  const { resourceVersion: _version, ...metadata } = object.metadata as Readonly<Record<string, unknown>>;
  return JSON.stringify({ ...object, metadata });
}
const allBytes = (objects: readonly KubeObject[]) => objects.map(bytes).sort();

/** What of the objects that were there is not as it was, and what is there besides and not ours. */
function foreignDrift({ adapter }: Mesh, base: readonly KubeObject[], now: readonly KubeObject[]): readonly string[] {
  const live = new Map(now.map((object) => [refKey(refOf(object)), object]));
  const pointersIn = (object: KubeObject) => adapter.owned(object).map(({ pointer }) => pointer);
  const drift = base.flatMap((object) => {
    const key = refKey(refOf(object));
    const found = live.get(key);
    live.delete(key);
    if (found === undefined) return [`${key} is gone`];
    const emptied = parentPointers([object, found].flatMap(pointersIn));
    const [was, is] = [object, found].map((one) => JSON.stringify(foreignContent(one, pointersIn(one), emptied)));
    return was === is ? [] : [`${key} was ${was} and is ${is}`];
  });
  const strange = [...live.values()].filter((object) => !isManaged(object)).map((object) => `${refKey(refOf(object))} is not ours`);
  return [...drift, ...strange];
}

const holds = ({ adapter }: Mesh, objects: readonly KubeObject[], { owner }: Change): boolean =>
  objects.some((object) => adapter.owned(object).some((rule) => sameOwner(rule.owner, owner)));

/** Adds, clears and encodes again as the steps say; at last clears all. How many changes were written. */
function walk(
  mesh: Mesh,
  base: readonly KubeObject[],
  changes: readonly Change[],
  walked: readonly { owner: number; does: string }[],
): number {
  let state = base;
  let written = 0;
  const present = new Set<Change>();
  for (const { owner, does } of walked) {
    const change = changes[owner % changes.length];
    if (change === undefined || (does === 'again' && !present.has(change))) continue;
    const planned = encoded(mesh, state, does === 'clear' ? removal(change) : change);
    if ('refused' in planned) {
      // What cannot be added is refused; what is there can always go.
      expect(does, JSON.stringify(planned.refused)).toBe('add');
      continue;
    }
    if (does === 'again') expect(planned.ok).toEqual([]);
    state = applied(state, planned.ok);
    written += planned.ok.length > 0 ? 1 : 0;
    if (does === 'clear') present.delete(change);
    else present.add(change);
    expect(foreignDrift(mesh, base, state)).toEqual([]);
    expect(changes.filter((one) => !present.has(one) && holds(mesh, state, one))).toEqual([]);
  }
  for (const change of present) {
    const planned = encoded(mesh, state, removal(change));
    if ('refused' in planned) throw new Error(JSON.stringify(planned.refused));
    state = applied(state, planned.ok);
  }
  expect(allBytes(state)).toEqual(allBytes(base));
  return written;
}

/** A world with the shadows of three sessions of one of its Services, and their changes. */
function staged(mesh: Mesh, objects: readonly KubeObject[], at: number) {
  const services = servicesIn(objects);
  const service = services[at % Math.max(1, services.length)];
  if (service === undefined) return undefined;
  const sessions = MATCHES.map((match, n) => session(service, IDS[n] ?? '', match));
  const base = [...objects, ...sessions.flatMap(({ shadow }) => shadow)];
  const standing = split(mesh, base, service, [60, 40]);
  return { base, changes: [...sessions.map(({ change }) => change), ...(standing === undefined ? [] : [standing])] };
}

describe.each<[MeshName, fc.Arbitrary<readonly KubeObject[]>]>([
  ['istio', istioWorlds],
  ['kuma', kumaWorlds.map((users) => [...BASE, ...users])],
])("what heddle's owners leave of others' objects on %s", (name, generated) => {
  const mesh = MESHES[name];
  let goldens: readonly Golden[] = [];
  beforeAll(async () => {
    goldens = await recorded(name);
  });

  test.each<[string, () => fc.Arbitrary<readonly KubeObject[]>]>([
    ['recorded', () => fc.nat(goldens.length - 1).map((at) => goldens[at]?.objects ?? [])],
    ['generated', () => generated.map((objects) => objects.map(stored))],
  ])('%s objects: the same bytes after each step, and all of it at the end', (_, objects) => {
    let written = 0;
    fc.assert(
      fc.property(objects(), fc.nat(20), steps, (world, at, walked) => {
        const stage = staged(mesh, world, at);
        fc.pre(stage !== undefined);
        if (stage !== undefined) written += walk(mesh, stage.base, stage.changes, walked);
      }),
      { numRuns: RUNS },
    );
    expect(written).toBeGreaterThan(RUNS / 2);
  });
});
