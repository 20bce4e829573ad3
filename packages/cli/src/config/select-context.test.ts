import { describe, expect, it } from 'vitest';
import { globMatches, selectContext } from './select-context.js';

const contexts = [
  { name: 'staging-admin', cluster: 'staging', current: true },
  { name: 'eu-kong-1', cluster: 'eu', namespace: 'shop', current: false },
  { name: 'eu-kong-2', cluster: 'eu', current: false },
];
const clusters = { staging: { context: 'staging-admin', mesh: 'istio' }, eu: { context: 'eu-kong-*', mesh: 'kuma' } };

describe('globMatches', () => {
  it.each([
    ['eu-*', 'eu-kong-1', true],
    ['eu-?', 'eu-1', true],
    ['eu-?', 'eu-12', false],
    ['*', 'anything/at:all', true],
    ['a.b', 'axb', false],
    ['arn:aws:eks:*:cluster/dev', 'arn:aws:eks:eu-west-1:1:cluster/dev', true],
    ['(a|b)', 'a', false],
  ])('%s on %s: %s', (glob, text, expected) => {
    expect(globMatches(glob, text)).toBe(expected);
  });
});

describe('selectContext', () => {
  it('takes the current context and its entry', () => {
    expect(selectContext({}, clusters, contexts)).toMatchObject({
      context: { name: 'staging-admin' },
      entry: { name: 'staging', mesh: 'istio' },
    });
  });

  it('takes --context, and its entry by glob', () => {
    expect(selectContext({ context: 'eu-kong-2' }, clusters, contexts)).toMatchObject({
      context: { name: 'eu-kong-2' },
      entry: { name: 'eu' },
    });
  });

  it('takes --cluster by its one context', () => {
    expect(selectContext({ cluster: 'staging' }, clusters, contexts).context.name).toBe('staging-admin');
  });

  it('takes --cluster with --context among those of its glob', () => {
    expect(selectContext({ cluster: 'eu', context: 'eu-kong-1' }, clusters, contexts).context.name).toBe('eu-kong-1');
  });

  it("prefers the current one where a cluster's glob fits several", () => {
    const current = contexts.map((each) => ({ ...each, current: each.name === 'eu-kong-2' }));
    expect(selectContext({ cluster: 'eu' }, clusters, current).context.name).toBe('eu-kong-2');
  });

  it('has no entry for a context that none fits', () => {
    expect(selectContext({}, {}, contexts)).toEqual({ context: contexts[0] });
  });

  it('guesses at a context that is not there, and says so when there is none at all', () => {
    expect(() => selectContext({ context: 'stagingadmin' }, {}, contexts)).toThrow(
      expect.objectContaining({ next: ['Did you mean staging-admin?', 'List what there is: heddle clusters'] }),
    );
    expect(() => selectContext({}, {}, [])).toThrow(expect.objectContaining({ message: 'The kubeconfig has no contexts.' }));
  });

  it('refuses two entries for one context, naming both', () => {
    const both = { ...clusters, all: { context: '*' } };
    expect(() => selectContext({}, both, contexts)).toThrow(
      expect.objectContaining({ code: 'cluster-ambiguous', message: expect.stringContaining('staging and all') }),
    );
  });

  it('refuses a cluster whose glob fits several contexts, naming them', () => {
    expect(() => selectContext({ cluster: 'eu' }, clusters, contexts)).toThrow(
      expect.objectContaining({ code: 'cluster-ambiguous', message: expect.stringContaining('eu-kong-1, eu-kong-2') }),
    );
  });

  it.each([
    [{ cluster: 'prod' }, 'unknown-cluster', 'staging, eu'],
    [{ cluster: 'toString' }, 'unknown-cluster', 'staging, eu'],
    [{ context: 'nope' }, 'unknown-context', 'staging-admin, eu-kong-1, eu-kong-2'],
    [{ cluster: 'staging', context: 'eu-kong-1' }, 'unknown-context', 'wanted by --cluster staging'],
  ])('refuses %j with %s', (wish, code, names) => {
    expect(() => selectContext(wish, clusters, contexts)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(names) }),
    );
  });

  it('refuses when nothing is chosen', () => {
    expect(() => selectContext({}, clusters, contexts.slice(1))).toThrow(
      expect.objectContaining({ code: 'unknown-context', message: expect.stringContaining('no current context') }),
    );
  });
});
