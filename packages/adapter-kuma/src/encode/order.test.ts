import type { Match, Owner, Rule } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { misplaced } from './order.js';

const session = (id: string): Owner => ({ kind: 'session', namespace: 'shop', id });
const standing: Owner = { kind: 'route', namespace: 'shop', id: 'cart.split' };
const owner = session('b2');
const rule = (whose: Owner | 'foreign', match: Match, host: string, more: Partial<Rule> = {}): Rule => ({
  match: Object.keys(match).length === 0 ? [] : [match],
  action: { to: [{ host, weight: 1, endpoints: [] }] },
  owner: whose,
  origins: [],
  label: host,
  ...more,
});
const path = (value: string): Match => ({ path: { kind: 'segmentPrefix', value } });
const header = (name: string, more: Match = {}): Match => ({ ...more, headers: [{ name, is: { present: true } }] });
const ours = (match: Match, host = 'shadow', more: Partial<Rule> = {}) => rule(owner, match, host, more);
const users = (match: Match, host = 'cart', more: Partial<Rule> = {}) => rule('foreign', match, host, more);
const found = (...rules: readonly Rule[]) => foundFor([[{}]], ...rules);
const foundFor = (intents: readonly (readonly Match[])[], ...rules: readonly Rule[]) =>
  misplaced(rules, {
    owner,
    leadsHere: ({ label }) => label === 'cart',
    isTreated: ({ label }) => label === 'shadow',
    otherwise: { status: 404 },
    intents,
  })?.refused.map(({ code }) => code);

describe('rules are in order', () => {
  it('when each copy comes before its original, and as the originals do', () => {
    expect(found(ours(header('x', path('/api'))), users(path('/api')), ours(header('x')), users({}))).toBeUndefined();
    expect(found(ours(header('x', path('/api'))), ours(header('x')), users(path('/api')), users({}))).toBeUndefined();
  });

  it('not when a rule that sends here comes first for requests of ours', () => {
    expect(found(users(path('/api')), ours(header('x')), users({}))).toEqual(['specificity']);
    expect(found(users(path('/api'), 'other'), ours(header('x')), users({}))).toBeUndefined();
  });

  it('not when a copy takes what a better rule decides', () => {
    expect(found(ours(header('x')), users(path('/api'), 'other'), users({}))).toEqual(['specificity']);
    expect(found(ours(header('x', path('/api')), 'other'), ours(header('x')), users(path('/api'), 'other'), users({}))).toBeUndefined();
  });

  it('not when a copy does something else than what decides its requests today', () => {
    const rewriting = { rewrite: { path: { full: '/new' } } };
    expect(found(ours(header('x')), users({}, 'cart', rewriting))).toEqual(['specificity']);
    expect(found(ours(header('x'), 'shadow', rewriting), users({}, 'cart', rewriting))).toBeUndefined();
    expect(found(ours(header('x'), 'other'), users({}))).toEqual(['specificity']);
    // Never asked: the first one takes all that it could.
    expect(found(ours(header('x')), ours(header('x', path('/api')), 'other'), users({}))).toBeUndefined();
  });
});

describe('of two intents', () => {
  const [byHeader, byPath] = [header('x'), path('/api')];

  it('the earlier decides what both are for, be it in a rule of its own', () => {
    expect(foundFor([[byHeader], [byPath]], ours(path('/api')), ours(header('x')), users({}))).toEqual(['specificity']);
    expect(
      foundFor([[byHeader], [byPath]], ours(header('x', path('/api'))), ours(path('/api')), ours(header('x')), users({})),
    ).toBeUndefined();
    expect(foundFor([[byPath], [byHeader]], ours(path('/api')), ours(header('x')), users({}))).toBeUndefined();
  });

  it('a prefix of segments may be taken in two parts', () => {
    const parts = [ours({ path: { kind: 'exact', value: '/api' } }), ours({ path: { kind: 'rawPrefix', value: '/api/' } })];
    expect(foundFor([[byPath], [{}]], ...parts, ours({}), users({}))).toBeUndefined();
    expect(foundFor([[byPath], [{}]], ...parts.slice(1), ours({}), users({}))).toEqual(['specificity']);
  });

  it('what goes elsewhere may go by a copy for either', () => {
    const elsewhere = users(path('/api/other'), 'other');
    const copy = ours(path('/api/other'), 'other');
    expect(
      foundFor([[byHeader], [byPath]], copy, ours(header('x', path('/api'))), ours(path('/api')), ours(header('x')), elsewhere, users({})),
    ).toBeUndefined();
  });
});

describe('of two owners', () => {
  const older = (match: Match) => rule(session('a1'), match, 'older');
  const younger = (match: Match) => rule(session('c3'), match, 'younger');
  const split = (match: Match) => rule(standing, match, 'split');

  it('the older session comes first where both match', () => {
    expect(found(older(header('y')), ours(header('x')), users({}))).toBeUndefined();
    expect(found(ours(header('x', path('/api'))), older(header('y')), users({}))).toEqual(['specificity']);
    expect(found(older(header('y', path('/api'))), ours(header('x', path('/api'))), older(header('y')), users({}))).toBeUndefined();
    expect(found(younger(header('y')), ours(header('x')), users({}))).toEqual(['specificity']);
    const exact = (value: string): Match => ({ headers: [{ name: 'x', is: { exact: value } }] });
    expect(found(ours(exact('b')), older(exact('a')), users({}))).toBeUndefined();
  });

  it('and a session before a standing route', () => {
    expect(found(ours(header('x')), split({}), users({}))).toBeUndefined();
    expect(found(split(path('/api')), ours(header('x')), users({}))).toEqual(['specificity']);
  });
});
