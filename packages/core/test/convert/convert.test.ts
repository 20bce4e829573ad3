import { describe, expect, test } from 'vitest';
import { convert, type KubeObject, type RenderLoss, type RoutedService } from '../../src/index.js';
import { listEnv, listMesh } from '../list-mesh.js';
import { type ListRule, listRoute } from '../list-mesh-object.js';
import { type CopyFaults, copyEnv, copyMesh } from './copy-mesh.js';

const service = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec: { selector: { app: name }, ports: [{ port: 80 }] },
});
const pod = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `${name}-0`, namespace: 'shop', labels: { app: name } },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
});
const names = ['cart', 'web'];
const jason: ListRule = {
  headers: [{ name: 'end-user', is: { exact: 'jason' } }],
  to: [{ service: 'web', weight: 1 }],
  mirror: 'cart',
  timeoutMs: 3000,
};
const everybody: ListRule = { to: [{ service: 'cart', weight: 1 }] };

const converted = (rules: readonly ListRule[], faults: CopyFaults = {}, more: Readonly<Record<string, unknown>> = {}) =>
  convert({
    objects: [...names.map(service), ...names.map(pod), listRoute('cart', 'cart', rules, more)],
    sources: [{ adapter: listMesh, env: listEnv }],
    target: { adapter: copyMesh(faults), env: copyEnv },
  });
const ofFirstRule =
  (code: string) =>
  ({ namespace, name, tables: [table] }: RoutedService): readonly RenderLoss[] => {
    const [rule] = table?.rules ?? [];
    return table === undefined || rule === undefined ? [] : [{ code, message: code, service: { namespace, name }, table, rule }];
  };

test('a conversion that says the same loses nothing', () => {
  const { objects, losses, differences, from, witnesses } = converted([jason, everybody]);
  expect(losses).toEqual([]);
  expect(differences).toEqual([]);
  expect(from).toBe(1);
  expect(witnesses).toBeGreaterThan(5);
  expect(objects.map(({ spec }) => spec)).toEqual([{ service: 'cart', rules: [jason, everybody] }]);
});

describe('a loss that was foreseen', () => {
  test('has the field, the requests, and one of them that shows it', () => {
    const { losses } = converted([jason, everybody], { losses: ofFirstRule('mirror'), without: ['mirror'] });
    expect(losses).toMatchObject([
      {
        code: 'mirror',
        ref: { kind: 'ListRoute', name: 'cart' },
        pointer: '/spec/rules/0/mirror',
        service: { namespace: 'shop', name: 'cart' },
        requests: 'requests with end-user = jason from pods in the mesh to shop/cart:80',
        witness: {
          request: { host: 'cart.shop.svc.cluster.local', headers: [['end-user', 'jason']] },
          before: 'web 100 %; copied to cart 100 %',
          after: 'web 100 %; no copy',
          differs: ['mirror'],
        },
      },
    ]);
  });

  test('is none when no request fares otherwise', () => {
    expect(converted([jason, everybody], { losses: ofFirstRule('mirror') }).losses).toEqual([]);
  });
});

test('what differs without being foreseen is a loss', () => {
  const { losses, follow } = converted([jason, everybody], { without: ['timeoutMs'] });
  expect(losses).toMatchObject([
    {
      code: 'differs',
      pointer: '/spec/rules/0',
      witness: { before: 'web 100 %; timeout 3 s', after: 'web 100 %; no timeout of the rule' },
    },
  ]);
  const [loss] = losses;
  if (loss?.witness === undefined) throw new Error('no witness');
  expect(follow(loss.witness.client, loss.witness.request)).toEqual({ difference: loss.witness, losses: [loss], differences: [] });
});

test('what is foreseen of a rule covers no other rule', () => {
  const rules = [jason, { ...everybody, timeoutMs: 1000 }];
  const { losses } = converted(rules, { losses: ofFirstRule('timeout'), without: ['timeoutMs'] });
  expect(losses.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(['timeout /spec/rules/0/timeoutMs', 'differs /spec/rules/1']);
});

test('what is foreseen of one part of a rule covers no other part', () => {
  const { losses } = converted([jason, everybody], { losses: ofFirstRule('mirror'), without: ['mirror', 'timeoutMs'] });
  expect(losses.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(['differs /spec/rules/0', 'mirror /spec/rules/0/mirror']);
});

test('what comes in through a gateway is lost, with the object that says so', () => {
  const { losses, follow } = converted([everybody], {}, { edge: true });
  expect(losses).toMatchObject([
    {
      code: 'view.gateway',
      ref: { name: 'cart' },
      requests: 'requests to cart.example.test from gateway in edge (app=edge), port 80',
      witness: { before: 'cart 100 %', after: 'no gateway routes it' },
    },
  ]);
  const [loss] = losses;
  if (loss?.witness === undefined) throw new Error('no witness');
  expect(follow(loss.witness.client, loss.witness.request).losses).toEqual([loss]);
});

test('what the target had already stays, and is no difference', () => {
  const own: KubeObject = { ...listRoute('theirs', 'web', [everybody]), apiVersion: 'copy.example.test/v1' };
  const { objects, losses, from } = convert({
    objects: [...names.map(service), ...names.map(pod), own, listRoute('cart', 'cart', [jason, everybody])],
    sources: [{ adapter: listMesh, env: listEnv }],
    target: { adapter: copyMesh(), env: copyEnv },
  });
  expect(objects[0]).toEqual(own);
  expect(objects).toHaveLength(2);
  expect([losses, from]).toEqual([[], 2]);
});

test('a new object takes no name that is taken', () => {
  const own: KubeObject = { ...listRoute('cart', 'web', [everybody]), apiVersion: 'copy.example.test/v1' };
  const { objects, notes } = convert({
    objects: [...names.map(service), ...names.map(pod), own, listRoute('cart', 'cart', [everybody])],
    sources: [{ adapter: listMesh, env: listEnv }],
    target: { adapter: copyMesh(), env: copyEnv },
  });
  expect(objects.map(({ metadata }) => (metadata as { name: string }).name)).toEqual(['cart', 'cart-converted']);
  expect(notes).toEqual(['There is a ListRoute cart already, so the converted one is called cart-converted.']);
});

test('an adapter that cannot render is a mistake of the caller', () => {
  const target = { adapter: { ...listMesh, id: 'mute' }, env: listEnv };
  const { kinds } = listMesh;
  expect(() =>
    convert({
      objects: [service('cart'), listRoute('cart', 'cart', [everybody])],
      sources: [{ adapter: listMesh, env: listEnv }],
      target: { ...target, adapter: { ...target.adapter, kinds: kinds.filter(({ group }) => group === '') } },
    }),
  ).toThrow('adapter mute has no render');
});
