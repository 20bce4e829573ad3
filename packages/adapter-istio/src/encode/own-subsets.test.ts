import { type Change, isRecord, type KubeObject, type MeshEnvironment } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { destinationRule, env, header, session, stored, takeover } from '../../test/support/objects.js';
import { owned } from '../owned/owned.js';
import type { BaseService } from './base-service.js';
import { ownSubsetsOf, removeSubsets, writeSubsets } from './own-subsets.js';

const cart: BaseService = {
  namespace: 'shop',
  name: 'cart',
  exposed: {
    host: 'cart.shop.svc.cluster.local',
    ports: [8080],
    allPorts: [8080],
    strayOn80: true,
    visible: new Set(['*']),
    includes: () => true,
  },
  httpPorts: [8080],
  guessedPorts: [],
  addresses: ['10.0.0.1'],
};
const behind = (id: string): Change => ({
  ...takeover(session(id), header('x-dev', id)),
  versions: [{ id, realise: 'subset', labels: { 'heddle.dev/session': id } }],
});

const write = (change: Change, rules: readonly KubeObject[], settings: MeshEnvironment = env) =>
  writeSubsets({ owner: change.owner, subsets: ownSubsetsOf(change) }, cart, rules, settings);
const add = (id: string, rules: readonly KubeObject[], settings?: MeshEnvironment) => write(behind(id), rules, settings);
const codes = (rules: readonly KubeObject[], change = behind('a1')) => {
  const result = write(change, rules);
  return 'refused' in result ? result.refused.map(({ code }) => code) : [];
};
function written(id: string, rules: readonly KubeObject[], settings?: MeshEnvironment): KubeObject {
  const result = add(id, rules, settings);
  const [edit] = 'ok' in result ? result.ok : [];
  if (edit === undefined || edit.op === 'delete') throw new Error(`nothing was written: ${JSON.stringify(result)}`);
  expect(edit.stage).toBe('add');
  return stored({ ...edit.body });
}
const specOf = ({ spec }: KubeObject) => (isRecord(spec) ? spec : {});
const withSpec = (object: KubeObject, more: Record<string, unknown>) => ({ ...object, spec: { ...specOf(object), ...more } });
const user = destinationRule('cart', 'cart');
const subsetOf = (id: string) => ({ name: `heddle-${id}`, labels: { 'heddle.dev/session': id } });

describe('the subset of a shadow among the pods of its service', () => {
  it('is none for a shadow with a Service of its own, nor for a subset of the user', () => {
    expect(ownSubsetsOf(takeover(session('a1'), header('h', 'x')))).toEqual([]);
    expect(ownSubsetsOf({ ...behind('a1'), versions: [{ id: 'a1', realise: 'subset', labels: {}, ref: 'v1' }] })).toEqual([]);
  });

  it('stands in a DestinationRule of heddle’s own, without a policy, exported as the user’s', () => {
    expect(written('a1', [user])).toMatchObject({
      apiVersion: 'networking.istio.io/v1',
      metadata: { name: 'heddle-cart', namespace: 'shop', labels: { 'app.kubernetes.io/managed-by': 'heddle' } },
      spec: { host: 'cart.shop.svc.cluster.local', subsets: [subsetOf('a1')] },
    });
    expect(specOf(written('a1', [user]))).not.toHaveProperty('exportTo');
    expect(specOf(written('a1', [withSpec(user, { exportTo: ['.', 'desk'] })])).exportTo).toEqual(['.', 'desk']);
  });

  it('is shown to all where the mesh shows DestinationRules to their own namespace alone, and there is none', () => {
    const settings = { ...env, settings: { defaultDestinationRuleExportTo: '.' } };
    expect(specOf(written('a1', [], settings)).exportTo).toEqual(['*']);
    expect(specOf(written('a1', [user], settings))).not.toHaveProperty('exportTo');
  });

  it('is the same with that of others, whoever came first, and is theirs by its name', () => {
    const both = [written('b2', [user, written('a1', [user])]), written('a1', [user, written('b2', [user])])];
    expect(both.map((object) => specOf(object).subsets)).toEqual([1, 2].map(() => [subsetOf('a1'), subsetOf('b2')]));
    const [object] = both;
    expect(owned(object).map(({ owner, pointer, service }) => [owner.id, pointer, service?.name])).toEqual([
      ['a1', '/spec/subsets/0', 'cart'],
      ['b2', '/spec/subsets/1', 'cart'],
    ]);
  });

  it('is written once', () => {
    expect(add('a1', [user, written('a1', [user])])).toEqual({ ok: [] });
  });

  it('goes after the rules, and the object with the last one', () => {
    const both = written('b2', [user, written('a1', [user])]);
    const [first] = removeSubsets(behind('a1'), [user, both], env);
    expect(first).toMatchObject({ op: 'replace', stage: 'remove', body: { spec: { subsets: [subsetOf('b2')] } } });
    expect(removeSubsets(behind('a1'), [user, written('a1', [user])], env)).toMatchObject([{ op: 'delete', stage: 'remove' }]);
    expect(removeSubsets(behind('c3'), [user, both], env)).toEqual([]);
  });

  it('hides nothing: DestinationRules that Istio would not take for one with it are a reason to refuse', () => {
    const other = (host: string, namespace: string) => destinationRule('other', host, namespace);
    expect(codes([user, withSpec(other('cart', 'shop'), { exportTo: ['*'] })])).toEqual(['destination-rule-unequal']);
    expect(codes([other('*.shop.svc.cluster.local', 'shop')])).toEqual(['destination-rule-hidden']);
    expect(codes([other('*.local', 'istio-system')])).toEqual(['destination-rule-hidden']);
    expect(codes([other('cart.shop.svc.cluster.local', 'istio-system')])).toEqual(['destination-rule-hidden']);
    // Hidden already, or nobody's for whom ours would be.
    expect(codes([user, other('*.local', 'istio-system')])).toEqual([]);
    expect(codes([other('*.desk.svc.cluster.local', 'shop'), other('*.local', 'desk')])).toEqual([]);
  });

  it('takes no name of others', () => {
    expect(codes([user, destinationRule('heddle-cart', 'web')])).toEqual(['name-taken']);
    expect(codes([withSpec(user, { subsets: [{ name: 'heddle-a1' }] })])).toEqual(['name-taken']);
    const leaving = { ...written('b2', [user]), metadata: { name: 'heddle-cart', namespace: 'shop', deletionTimestamp: 'now' } };
    expect(codes([user, leaving])).toEqual(['being-deleted']);
  });
});

describe('subsets of standing routes', () => {
  const owner = { kind: 'route', namespace: 'shop', id: 'cart.8080' } as const;
  const routes = (...ids: readonly string[]): Change => ({
    ...behind('a1'),
    owner,
    versions: ids.map((id) => ({ id, realise: 'subset', labels: { version: id } })),
  });
  const ofVersion = (id: string) => ({ name: `heddle-8080--${id}`, labels: { version: id } });
  const after = (change: Change, rules: readonly KubeObject[]): readonly (readonly [string, unknown])[] => {
    const result = write(change, rules);
    if ('refused' in result) throw new Error(JSON.stringify(result.refused));
    return result.ok.map((edit) => [edit.stage, edit.op === 'delete' ? 'delete' : specOf(edit.body).subsets] as const);
  };
  const standing = (rules: readonly KubeObject[], ...ids: readonly string[]): KubeObject => {
    const result = write(routes(...ids), rules);
    const [edit] = 'ok' in result ? result.ok : [];
    if (edit === undefined || edit.op === 'delete') throw new Error(JSON.stringify(result));
    return stored({ ...edit.body });
  };

  it('have the label of each version, beside those of sessions, and are the routes’ own', () => {
    const both = standing([written('a1', [])], 'v1', 'v2');
    expect(specOf(both).subsets).toEqual([ofVersion('v1'), ofVersion('v2'), subsetOf('a1')]);
    expect(owned(both).map(({ owner: whose, service }) => [whose.kind, whose.id, service])).toEqual([
      ['route', 'cart.8080', { namespace: 'shop', name: 'cart' }],
      ['route', 'cart.8080', { namespace: 'shop', name: 'cart' }],
      ['session', 'a1', { namespace: 'shop', name: 'cart' }],
    ]);
  });

  it('come before the rules, and those that no rule names any more go after them', () => {
    expect(after(routes('v1', 'v3'), [standing([], 'v1', 'v2')])).toEqual([
      ['add', [ofVersion('v1'), ofVersion('v2'), ofVersion('v3')]],
      ['remove', [ofVersion('v1'), ofVersion('v3')]],
    ]);
    expect(after(routes('v1'), [standing([], 'v1', 'v2')])).toEqual([['remove', [ofVersion('v1')]]]);
    expect(after(routes('v1'), [standing([], 'v1')])).toEqual([]);
    expect(removeSubsets(routes(), [standing([], 'v1')], env)).toMatchObject([{ op: 'delete', stage: 'remove' }]);
    expect(removeSubsets(routes(), [standing([written('a1', [])], 'v1')], env)).toMatchObject([
      { op: 'replace', body: { spec: { subsets: [subsetOf('a1')] } } },
    ]);
  });

  it('of other ports of the service are others’', () => {
    const other = { ...routes('v1'), owner: { ...owner, id: 'cart.8080-9090' } };
    expect(after(other, [standing([], 'v1')])).toEqual([['add', [ofVersion('v1'), { ...ofVersion('v1'), name: 'heddle-8080-9090--v1' }]]]);
    expect(removeSubsets(other, [standing([], 'v1')], env)).toEqual([]);
  });

  it('are refused where one of ours would hide what is for more than the service, with what works then', () => {
    const result = write(routes('v1'), [destinationRule('all', '*.local', 'istio-system')]);
    expect(result).toMatchObject({ refused: [{ code: 'destination-rule-hidden', instead: expect.stringContaining('such as cart-v1') }] });
  });
});
