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

  it('takes a list of another length as another list', () => {
    const kept = { ...sent, spec: { rules: [{ to: 'b', extra: {} }] } };
    expect(lostFields(sent, kept)).toEqual([{ pointer: '/spec/rules', sent: sent.spec.rules, kept: kept.spec.rules }]);
  });

  it('does not miss an empty map that is stored as nothing', () => {
    const kept = { ...sent, spec: { rules: [{ match: [{}], weight: 1 }, { to: 'b' }] } };
    expect(lostFields(sent, kept)).toEqual([]);
  });
});
