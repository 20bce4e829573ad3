import { type Change, isRecord, type KubeObject, type MeshEnvironment } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { destinationRule, env, header, session, stored, takeover } from '../../test/support/objects.js';
import { owned } from '../owned/owned.js';
import type { BaseService } from './base-service.js';
import { addSubset, ownSubsetOf, removeSubsets } from './own-subsets.js';

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

function add(id: string, rules: readonly KubeObject[], settings: MeshEnvironment = env) {
  const subset = ownSubsetOf(behind(id));
  if (subset === undefined) throw new Error('no subset');
  return addSubset(subset, cart, rules, settings);
}
const codes = (rules: readonly KubeObject[]) => {
  const result = add('a1', rules);
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
    expect(ownSubsetOf(takeover(session('a1'), header('h', 'x')))).toBeUndefined();
    expect(ownSubsetOf({ ...behind('a1'), versions: [{ id: 'a1', realise: 'subset', labels: {}, ref: 'v1' }] })).toBeUndefined();
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
