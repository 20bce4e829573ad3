import { isRecord, isSupported, type MeshAdapter } from '@heddle/core';
import type { Case, CaseResult } from '../cases/case.js';
import type { PlaceOf } from '../cases/load-cases.js';
import { SHOP } from '../cases/parse-case.js';
import type { Step } from '../cases/step.js';
import type { Stage, World, WorldDefinition } from './stage.js';

/**
 * A case for each world: that it is what the kit says, before anything builds on it, and after each of its mutations. What is missing
 * without a reason is a failure, so that an adapter cannot pass by leaving worlds out.
 */
export function worldCases(
  stage: Stage,
  definitions: readonly WorldDefinition[],
  place: PlaceOf,
  adapter: MeshAdapter,
): { readonly cases: readonly Case[]; readonly results: readonly CaseResult[] } {
  const cases: Case[] = [];
  const results: CaseResult[] = [];
  for (const definition of definitions) {
    const world = place(definition.name).world;
    const found = absence(stage, definition, adapter);
    if (found !== undefined) results.push({ ...headOf(definition), ...found });
    else if (world !== undefined) cases.push(worldCase(stage, definition, world));
  }
  return { cases, results };
}

const headOf = ({ name, title, optional, feature }: WorldDefinition) => ({
  id: `world.${name}`,
  level: optional || feature !== undefined ? ('extended' as const) : ('core' as const),
  title,
});

function absence(
  stage: Stage,
  definition: WorldDefinition,
  adapter: MeshAdapter,
): Pick<CaseResult, 'outcome' | 'failures' | 'feature' | 'reason'> | undefined {
  const { name, feature, optional, mutations, holds } = definition;
  const world = stage.worlds.get(name);
  const fails = (failures: readonly string[]) => (failures.length === 0 ? undefined : { outcome: 'fail' as const, failures });
  if (world === undefined) {
    if (name === 'plain') return undefined;
    const reason = stage.without[name];
    if (feature !== undefined && !isSupported(adapter.capabilities(stage.environment), feature))
      return { outcome: 'skip', feature, failures: [] };
    if (optional && reason !== undefined) return { outcome: 'skip', reason, failures: [] };
    return fails([`there is no worlds/${name}.yaml${optional ? `, and environment.yaml says no reason under without.${name}` : ''}`]);
  }
  const lacking = Object.entries(mutations).flatMap(([mutation, one]) => {
    if (world.mutations[mutation] !== undefined || (one.optional && stage.without[mutation] !== undefined)) return [];
    return [`worlds/${name}.yaml has no mutation ${mutation}: ${one.title}`];
  });
  return fails([...lacking, ...holds.filter((what) => !holdsIt(world, what)).map((what) => `worlds/${name}.yaml holds no ${what}`)]);
}

function holdsIt({ objects }: World, what: string): boolean {
  const has = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.some(has);
    return isRecord(value) && Object.entries(value).some(([key, one]) => key.startsWith(what) || has(one));
  };
  return objects.some(has);
}

function worldCase(stage: Stage, definition: WorldDefinition, world: World): Case {
  const mutated = Object.entries(definition.mutations).flatMap(([mutation, { says }]): readonly Step[] => {
    if (world.mutations[mutation] === undefined) return [];
    const after: readonly Step[] = says.length === 0 ? [] : [{ do: 'requests', requests: says }];
    return [{ do: 'mutate', mutation }, ...after, { do: 'mutate', mutation: 'restore' }];
  });
  return {
    ...headOf(definition),
    ...SHOP,
    world: definition.name,
    everyVersion: false,
    features: definition.feature === undefined ? [] : [definition.feature],
    environment: {},
    clients: { mesh: stage.client },
    objects: [...stage.objects, ...world.objects],
    worldObjects: world.objects,
    mutations: world.mutations,
    steps: [{ do: 'requests', requests: definition.says }, ...mutated, { do: 'unchanged', since: 'start' }],
  };
}
