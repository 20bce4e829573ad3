import { expect, it } from 'vitest';
import { type Client, clientSetsOf, describeView, type View, viewHolds, viewKey } from '../model/view.js';
import { plainViews } from './plain-views.js';

const blue = { labels: { mesh: 'blue' } };
const red = { labels: { mesh: 'red' } };
const among = {
  name: 'Mesh blue',
  anyOf: [
    { clients: { namespaces: ['n1', 'n2'] }, except: [red] },
    { clients: blue, except: [{ namespaces: ['n1', 'n2'] }] },
  ],
};
const some: View = {
  plane: 'mesh',
  among,
  clients: { namespaces: ['n1', 'n3'], labels: { app: 'web' } },
  except: [{ labels: { env: 'x' } }],
};
const views: readonly View[] = [{ plane: 'mesh', among, clients: {} }, some, { plane: 'mesh', among, clients: red }];
const clients: readonly Client[] = ['n1', 'n2', 'n3'].flatMap((namespace) =>
  [{}, blue.labels, red.labels].flatMap((mesh) =>
    [{}, { app: 'web' }, { app: 'web', env: 'x' }].map(
      (labels): Client => ({ kind: 'sidecar', namespace, labels: { ...mesh, ...labels } }),
    ),
  ),
);

it('clients that a mesh has a name for are called by it', () => {
  expect(views.map(describeView)).toEqual([
    'pods in Mesh blue',
    'pods in Mesh blue in n1, n3 with app=web, except those with env=x',
    'pods in Mesh blue with mesh=red',
  ]);
  expect(new Set([...views, { plane: 'mesh', clients: {} } as const].map(viewKey)).size).toBe(4);
  expect(clientSetsOf(some)).toContainEqual(red);
});

it('said by namespaces and labels alone, it is the same clients, each once', () => {
  for (const view of views) {
    const plain = plainViews(view);
    for (const one of plain) expect(one).not.toHaveProperty('among');
    for (const client of clients) expect(plain.filter((one) => viewHolds(one, client))).toHaveLength(viewHolds(view, client) ? 1 : 0);
  }
  expect(clients.filter((client) => viewHolds(some, client))).toEqual([
    { kind: 'sidecar', namespace: 'n1', labels: { app: 'web' } },
    { kind: 'sidecar', namespace: 'n1', labels: { mesh: 'blue', app: 'web' } },
    { kind: 'sidecar', namespace: 'n3', labels: { mesh: 'blue', app: 'web' } },
  ]);
});
