import { describe, expect, it } from 'vitest';
import { lostFields } from './lost-fields.js';

const sent = {
  apiVersion: 'x.test/v1',
  kind: 'Thing',
  metadata: { name: 'a', labels: { 'x/y': '1' }, resourceVersion: '5', managedFields: [] },
  spec: {
    rules: [
      { match: [{}], weight: 1 },
      { to: 'b', extra: {} },
    ],
  },
  status: { ready: true },
};

describe('lostFields', () => {
  it('is empty for what comes back with defaults and the server’s own metadata', () => {
    const kept = {
      ...sent,
      metadata: { ...sent.metadata, resourceVersion: '6', uid: 'u' },
      spec: { ...sent.spec, added: true },
      status: {},
    };
    expect(lostFields(sent, kept)).toEqual([]);
  });

  it('names what is missing, or another', () => {
    const kept = { ...sent, metadata: { name: 'a', labels: {} }, spec: { rules: [{ match: [{}], weight: 2 }, { extra: {} }] } };
    expect(lostFields(sent, kept)).toEqual([
      { pointer: '/spec/rules/0/weight', sent: 1, kept: 2 },
      { pointer: '/spec/rules/1/to', sent: 'b', kept: undefined },
      { pointer: '/metadata/labels/x~1y', sent: '1', kept: undefined },
    ]);
  });

  it('is empty when a controller added itself to the owners or finalizers, in whatever order', () => {
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', name: 'l', uid: '1', controller: true };
    const mesh = { apiVersion: 'x.test/v1', kind: 'Mesh', name: 'm', uid: '2' };
    const owned = { ...sent, metadata: { ...sent.metadata, ownerReferences: [lease], finalizers: ['a/b'] } };
    const kept = { ...owned, metadata: { ...owned.metadata, ownerReferences: [mesh, lease], finalizers: ['c/d', 'a/b'] } };
    expect(lostFields(owned, kept)).toEqual([]);
    const without = {
      ...kept,
      metadata: { ...kept.metadata, ownerReferences: [mesh, { ...lease, controller: false }], finalizers: ['c/d'] },
    };
    expect(lostFields(owned, without).map(({ pointer }) => pointer)).toEqual([
      '/metadata/ownerReferences/0/controller',
      '/metadata/finalizers/0',
    ]);
    const gone = { ...kept, metadata: { ...kept.metadata, ownerReferences: [mesh] } };
    expect(lostFields(owned, gone).map(({ pointer }) => pointer)).toEqual([
      '/metadata/ownerReferences/0/apiVersion',
      '/metadata/ownerReferences/0/kind',
      '/metadata/ownerReferences/0/name',
      '/metadata/ownerReferences/0/uid',
      '/metadata/ownerReferences/0/controller',
    ]);
  });

  it('takes a list of another length as another list', () => {
    const kept = { ...sent, spec: { rules: [{ to: 'b', extra: {} }] } };
    expect(lostFields(sent, kept)).toEqual([{ pointer: '/spec/rules', sent: sent.spec.rules, kept: kept.spec.rules }]);
  });

  it('does not miss an empty map that is stored as nothing', () => {
    const kept = { ...sent, spec: { rules: [{ match: [{}], weight: 1 }, { to: 'b' }] } };
    expect(lostFields(sent, kept)).toEqual([]);
  });
});
