import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Client, describeView, viewHolds } from '../model/view.js';
import { clientCells, mergeCells } from './client-cells.js';

const keys = ['app', 'env'];
const values = ['a', 'b'];
const labels = fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...values));
const labelSets = fc.array(fc.record({ labels, namespace: fc.constantFrom('n1', 'n2') }, { requiredKeys: ['labels'] }), { maxLength: 4 });

const clients: readonly Client[] = ['n1', 'n2', 'n3'].flatMap((namespace) =>
  [undefined, ...values].flatMap((app) =>
    [undefined, ...values].map(
      (env): Client => ({
        kind: 'sidecar',
        namespace,
        labels: { ...(app === undefined ? {} : { app }), ...(env === undefined ? {} : { env }) },
      }),
    ),
  ),
);

test('whatever tells clients apart, each is in exactly one view, and that view gives what is its own', () => {
  fc.assert(
    fc.property(labelSets, (sets) => {
      const namespaces = ['n1', 'n2'];
      const cells = clientCells(namespaces, sets) ?? [];
      // What a cell gets hangs on the namespace and on the label sets that its clients carry there.
      const results = cells.map((cell) => {
        const here = sets.filter((set) => set.namespace === undefined || set.namespace === cell.namespace);
        const carried = here.map((set) => cell.proxy.has(set.labels));
        const result = JSON.stringify([cell.namespace === 'n1', here.length === 0 ? [] : carried]);
        return [cell, result, result] as const;
      });
      const views = mergeCells(results, namespaces);
      for (const client of clients) {
        const held = views.filter(([view]) => viewHolds(view, client));
        expect(held.map(([view]) => describeView(view))).toHaveLength(1);
        const { namespace, labels: own } = client as Extract<Client, { kind: 'sidecar' }>;
        const here = sets.filter((set) => set.namespace === undefined || set.namespace === namespace);
        const carried = here.map((set) => Object.entries(set.labels).every(([key, value]) => own[key] === value));
        expect(held[0]?.[1]).toBe(JSON.stringify([namespace === 'n1', here.length === 0 ? [] : carried]));
      }
    }),
  );
});

test('clients that get the same are one view', () => {
  const cells = clientCells(['n1', 'n2'], [{ labels: { app: 'a' } }]) ?? [];
  const views = mergeCells(
    cells.map((cell) => [cell, cell.namespace, cell.namespace === 'n1' ? 'other' : 'same'] as const),
    ['n1', 'n2'],
  );
  expect(views.map(([view]) => view)).toEqual([
    { plane: 'mesh', clients: {}, except: [{ namespaces: ['n1'] }] },
    { plane: 'mesh', clients: { namespaces: ['n1'] } },
  ]);
});

test('clients told by the same labels are one view, whatever else their namespaces hold', () => {
  const mesh = (value: string) => ({ labels: { mesh: value } });
  const cells = clientCells(['n1', 'n2', 'n3'], [mesh('a'), mesh('b')]) ?? [];
  const home: Readonly<Record<string, string>> = { n1: 'a', n2: 'b' };
  const views = mergeCells(
    cells.map((cell) => {
      const of = ['a', 'b'].find((one) => cell.proxy.has({ mesh: one })) ?? home[cell.namespace] ?? 'default';
      return [cell, of, of] as const;
    }),
    ['n1', 'n2', 'n3'],
  );
  expect(views.map(([view, of]) => `${of}: ${describeView(view)}`)).toEqual([
    'a: pods in the mesh with mesh=a',
    'b: pods in the mesh with mesh=b',
    'default: pods in the mesh, except those in n1, n2, or with mesh=a or b',
    'a: pods in the mesh in n1, except those with mesh=a or b',
    'b: pods in the mesh in n2, except those with mesh=a or b',
  ]);
});

test('too many groups are not enumerated', () => {
  const many = Array.from({ length: 12 }, (_, index) => ({ labels: { [`k${index}`]: 'x' } }));
  expect(clientCells([], many)).toBeUndefined();
});
