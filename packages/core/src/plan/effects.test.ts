import { expect, it } from 'vitest';
import type { Change } from '../model/change.js';
import type { Match } from '../model/match.js';
import type { Rule } from '../model/table.js';
import { effectsOf } from './effects.js';
import type { ChangedRequest } from './pair-check.js';

const owner = { kind: 'route' as const, namespace: 'shop', id: 'cart.80' };
const match: Match = { headers: [{ name: 'c', is: { exact: 'd' } }] };
const change: Change = {
  owner,
  services: [{ namespace: 'shop', name: 'cart', port: 80 }],
  views: 'all',
  versions: [],
  intents: [{ match: [match], to: [{ version: 'v3', weight: 100 }] }],
};
const changed = (rule: Match, before: string): ChangedRequest => ({
  view: { plane: 'mesh', clients: {} },
  port: 80,
  ruleBefore: undefined,
  ruleAfter: { match: [rule], action: { to: [] }, owner, origins: [] } satisfies Rule,
  before,
  after: 'v3 100 %',
  lost: [],
});

it('what holds for some requests of a line is told before it', () => {
  const api: Match = { ...match, path: { kind: 'exact', value: '/api' } };
  const lines = effectsOf(change, [changed(match, 'v1 100 %'), changed(api, 'v2 100 %')]);
  expect(lines.map(({ requests, before }) => `${requests}: ${before}`)).toEqual([
    'requests with path = /api and c = d: v2 100 %',
    'requests with c = d: v1 100 %',
  ]);
});
