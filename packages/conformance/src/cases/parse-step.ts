import type { ChangeSpec } from './change-spec.js';
import { changeSpec, type Defaults, EXPECTED, expectation, MATCH_KEYS, matchOf, realisation, removalSpec } from './parse-change.js';
import { disturbances, objectChanges } from './parse-disturbance.js';
import { requestSpecs } from './parse-request.js';
import { routesSpec, splitSpec } from './parse-routes.js';
import { bad, map, maybe, number, oneOf, type Raw, text, texts } from './shape.js';
import type { Step } from './step.js';

/** Each kind of step by the key that names it, with the other keys that it may have. */
const STEPS: Readonly<Record<string, { readonly keys: readonly string[]; parse(raw: Raw, path: string, defaults: Defaults): Step }>> = {
  change: {
    keys: ['as', 'during', ...EXPECTED],
    parse: (raw, path, defaults) => ({
      do: 'change',
      change: changeSpec(raw.change, `${path}.change`, defaults),
      ...maybe(raw, 'as', text, path),
      during: disturbances(raw.during, `${path}.during`),
      ...expectation(raw, path),
    }),
  },
  remove: {
    keys: ['during', ...EXPECTED],
    parse: (raw, path, defaults) => ({
      do: 'change',
      change: removalSpec(raw.remove, `${path}.remove`, defaults),
      during: disturbances(raw.during, `${path}.during`),
      ...expectation(raw, path),
    }),
  },
  split: { keys: EXPECTED, parse: (raw, path, defaults) => standing(splitSpec(raw.split, `${path}.split`, defaults), raw, path) },
  routes: { keys: EXPECTED, parse: (raw, path, defaults) => standing(routesSpec(raw.routes, `${path}.routes`, defaults), raw, path) },
  clear: {
    keys: EXPECTED,
    parse: (raw, path, defaults) => standing({ ...removalSpec(raw.clear, `${path}.clear`, defaults), owner: 'route' }, raw, path),
  },
  apply: {
    keys: ['during', ...EXPECTED],
    parse: (raw, path) => ({
      do: 'apply',
      plan: text(raw.apply, `${path}.apply`),
      during: disturbances(raw.during, `${path}.during`),
      ...expectation(raw, path),
    }),
  },
  edit: { keys: [], parse: (raw, path) => ({ do: 'edit', edit: objectChanges(raw.edit, `${path}.edit`) }) },
  mutate: { keys: [], parse: (raw, path) => ({ do: 'mutate', mutation: text(raw.mutate, `${path}.mutate`) }) },
  requests: {
    keys: [],
    parse: (raw, path, defaults) => ({ do: 'requests', requests: requestSpecs(raw.requests, `${path}.requests`, defaults) }),
  },
  values: {
    keys: ['at'],
    parse: (raw, path) => ({ do: 'values', object: text(raw.values, `${path}.values`), values: map(raw.at, `${path}.at`) }),
  },
  unchanged: {
    keys: ['only'],
    parse: (raw, path) => ({ do: 'unchanged', since: text(raw.unchanged, `${path}.unchanged`), ...maybe(raw, 'only', texts, path) }),
  },
  foreign: { keys: [], parse: (raw, path) => ({ do: 'foreign', since: text(raw.foreign, `${path}.foreign`) }) },
  editOwn: {
    keys: ['set'],
    parse: (raw, path) => ({ do: 'editOwn', session: text(raw.editOwn, `${path}.editOwn`), set: map(raw.set, `${path}.set`) }),
  },
  shadow: {
    keys: ['realise', 'refused'],
    parse: (raw, path) => ({
      do: 'shadow',
      session: text(raw.shadow, `${path}.shadow`),
      realise: raw.realise === undefined ? 'service' : realisation(raw.realise, `${path}.realise`),
      refused: raw.refused === 'any',
    }),
  },
  detect: {
    keys: [],
    parse: (raw, path) => {
      oneOf(raw.detect, ['nothing'], `${path}.detect`);
      return { do: 'detect' };
    },
  },
  render: {
    keys: [],
    parse: (raw, path, defaults) => {
      const { requests } = map(raw.render, `${path}.render`, ['requests']);
      return { do: 'render', requests: requestSpecs(requests, `${path}.render.requests`, defaults) };
    },
  },
  adopt: {
    keys: [],
    parse: (raw, path) => {
      oneOf(raw.adopt, ['shop'], `${path}.adopt`);
      return { do: 'adopt' };
    },
  },
  undeclared: { keys: [], parse: (raw, path) => ({ do: 'undeclared', session: text(raw.undeclared, `${path}.undeclared`) }) },
  foreignEdit: {
    keys: ['edited'],
    parse: (raw, path) => ({ do: 'foreignEdit', session: text(raw.foreignEdit, `${path}.foreignEdit`), edited: raw.edited === true }),
  },
  lease: {
    keys: ['alive'],
    parse: (raw, path) => ({ do: 'lease', session: text(raw.lease, `${path}.lease`), alive: raw.alive === true }),
  },
  clean: {
    keys: ['during'],
    parse: (raw, path) => {
      const counts = map(raw.clean, `${path}.clean`, ['removed', 'left', 'kept', 'orphans']);
      const count = (key: 'removed' | 'left' | 'kept' | 'orphans') => maybe(counts, key, number, `${path}.clean`);
      const during = disturbances(raw.during, `${path}.during`);
      return { do: 'clean', ...count('removed'), ...count('left'), ...count('kept'), ...count('orphans'), during };
    },
  },
  crash: {
    keys: ['points'],
    parse: (raw, path, defaults) => ({
      do: 'crash',
      change: changeSpec(raw.crash, `${path}.crash`, defaults),
      points: number(raw.points, `${path}.points`),
    }),
  },
  overlap: {
    keys: ['with', 'is'],
    parse: (raw, path) => ({
      do: 'overlap',
      a: matchOf(map(raw.overlap, `${path}.overlap`, MATCH_KEYS), `${path}.overlap`),
      b: matchOf(map(raw.with, `${path}.with`, MATCH_KEYS), `${path}.with`),
      is: oneOf(raw.is, ['contains', 'contained', 'equal', 'may-meet', 'disjoint'], `${path}.is`),
    }),
  },
};

const standing = (change: ChangeSpec, raw: Raw, path: string): Step => ({ do: 'change', change, during: [], ...expectation(raw, path) });

export function parseStep(value: unknown, path: string, defaults: Defaults): Step {
  const [kind, ...more] = Object.keys(STEPS).filter((name) => name in map(value, path));
  const step = kind === undefined ? undefined : STEPS[kind];
  if (kind === undefined || step === undefined || more.length > 0) throw bad(path, `just one of ${Object.keys(STEPS).join(', ')}`, value);
  const raw = map(value, path, [kind, ...step.keys, 'mark']);
  return { ...step.parse(raw, path, defaults), ...maybe(raw, 'mark', text, path) };
}
