import type { Case } from '../cases/case.js';
import type { PlaceOf } from '../cases/load-cases.js';
import { KIT_MUTATIONS } from '../cases/mutate-step.js';
import type { Place } from '../cases/parse-case.js';
import type { Stage } from './stage.js';

/** Where cases play on a stage. A world that the stage has not leaves a reason to skip in its place. */
export function placeOf(stage: Stage): PlaceOf {
  return (name): Place => {
    const common = { objects: stage.objects, client: stage.client };
    const world = stage.worlds.get(name);
    if (world !== undefined) return { ...common, world };
    const empty = { name, objects: [], mutations: {} };
    if (name === 'plain') return { ...common, world: empty };
    return { ...common, world: empty, without: stage.without[name] ?? `there is no worlds/${name}.yaml` };
  };
}

/**
 * The case, or why it cannot be run: a mutation is missing that it asks for, or the environment says that this mesh cannot have what it is
 * about. Cases of the level core cannot be said away.
 */
export function unlessSaidAway(stage: Stage, test: Case): Case {
  const [name = ''] = test.id.split('.');
  const reason = test.level === 'extended' ? (stage.without[test.id] ?? stage.without[name]) : undefined;
  if (reason !== undefined) return { ...test, without: reason };
  const asked = test.steps.flatMap((step) => (step.do === 'mutate' ? [step.mutation] : []));
  const missing = asked.find((name) => test.mutations[name] === undefined && !KIT_MUTATIONS.includes(name));
  if (missing === undefined || test.without !== undefined) return test;
  return { ...test, without: stage.without[missing] ?? `worlds/${test.world ?? ''}.yaml has no mutation ${missing}` };
}
