import { expect, it } from 'vitest';
import type { Change } from '../model/change.js';
import type { RouteTable, Rule } from '../model/table.js';
import { checkStructure } from './check-structure.js';

const change: Change = {
  owner: { kind: 'route', namespace: 'shop', id: 'cart.80-8081' },
  services: [80, 8081].map((port) => ({ namespace: 'shop', name: 'cart', port })),
  ...{ views: 'all', versions: [], intents: [] },
};
const rule = (index: number, match: Rule['match'] = []): Rule => ({
  match,
  action: { to: [] },
  owner: 'foreign',
  origins: [
    {
      ref: { apiVersion: 'networking.example/v1', kind: 'Route', namespace: 'shop', name: 'cart' },
      ...{ pointer: `/spec/rules/${index}`, index },
    },
  ],
});
const table = (port: number): RouteTable => ({
  view: { plane: 'mesh', clients: {} },
  domains: ['cart.shop.svc.cluster.local'],
  ...{ port, protocol: 'http', otherwise: { status: 404 } },
  rules: [rule(0, [{ method: { exact: 'GET' } }]), rule(1, [{ method: { exact: 'PUT' } }]), rule(2)],
});

it('a rule of others counts once, whatever number of ports it holds for', () => {
  const side = { seen: new Map(), decoded: { tables: [table(80), table(8081)], problems: [], gaps: [] } };
  expect(checkStructure(change, [], { owned: () => [] }, side, side)).toEqual({ failures: [], foreignRules: 3 });
});
