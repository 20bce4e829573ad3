import { describe, expect, it } from 'vitest';
import type { Change } from '../model/change.js';
import type { Destination, RouteTable, Rule } from '../model/table.js';
import { deadTargets } from './dead-targets.js';

const owner = { kind: 'route' as const, namespace: 'shop', id: 'cart.split' };
const change: Change = {
  owner,
  services: [{ namespace: 'shop', name: 'cart', port: 80 }],
  views: 'all',
  versions: ['v1', 'v2'].map((id) => ({ id, realise: 'subset', labels: { version: id }, ref: id })),
  intents: [{ match: [], to: ['v1', 'v2'].map((version) => ({ version, weight: 50 })) }],
};
const to = (endpoints: Destination['endpoints'], subset?: string): Destination => ({
  host: 'cart.shop.svc.cluster.local',
  port: 80,
  weight: 50,
  endpoints,
  ...(subset === undefined ? {} : { subset }),
});
const rule = (whose: Rule['owner'], ...destinations: readonly Destination[]): Rule => ({
  match: [],
  action: { to: destinations },
  owner: whose,
  origins: [],
});
const table = (...rules: readonly Rule[]): RouteTable => ({
  view: { plane: 'mesh', clients: {} },
  domains: ['cart.shop.svc.cluster.local'],
  port: 80,
  protocol: 'http',
  rules,
  otherwise: { status: 404 },
});
const pods = [{ namespace: 'shop', name: 'cart-0' }];
const codes = (...rules: readonly Rule[]) => deadTargets(change, [table(...rules)]).map(({ code }) => code);

describe('versions that nobody would answer for', () => {
  it('are refused where the service answers today', () => {
    expect(codes(rule(owner, to(pods, 'v1'), to([], 'v2')), rule('foreign', to(pods)))).toEqual(['no-ready-pods']);
    expect(codes(rule(owner, to(pods, 'v1'), to('no-cluster', 'v2')), rule('foreign', to(pods)))).toEqual(['version-unseen']);
  });

  it('go by their names where labels tell them, each of them', () => {
    const tagged: Change = {
      ...change,
      versions: ['v1', 'v2', 'v3'].map((id) => ({ id, realise: 'subset', labels: { version: id } })),
      intents: [{ match: [], to: ['v1', 'v2', 'v3'].map((version) => ({ version, weight: 30 })) }],
    };
    const tag = (endpoints: Destination['endpoints'], version: string) => ({ ...to(endpoints), labels: { version } });
    const ours = rule(owner, tag(pods, 'v1'), tag([], 'v2'), tag([], 'v3'));
    expect(deadTargets(tagged, [table(ours, rule('foreign', to(pods)))])).toMatchObject([
      { message: expect.stringMatching(/^Version v2 has no ready pod/), instead: expect.stringContaining('give v2 no weight') },
      { message: expect.stringMatching(/^Version v3 has no ready pod/) },
    ]);
  });

  it('are no loss to callers for whom the service itself does not exist', () => {
    expect(codes(rule(owner, to('no-cluster', 'v1'), to('no-cluster', 'v2')), rule('foreign', to('no-cluster')))).toEqual([]);
  });

  it('are refused where one rule of several still finds the service', () => {
    const rules = [rule(owner, to('no-cluster', 'v1')), rule('foreign', to('no-cluster', 'old')), rule('foreign', to(pods))];
    expect(codes(...rules)).toEqual(['version-unseen']);
  });
});

describe('versions that nobody would get copies at', () => {
  const mirroring: Change = { ...change, intents: [{ match: [], mirror: { version: 'v2', percent: 10 } }] };
  const mirrored = (endpoints: Destination['endpoints'], ...destinations: readonly Destination[]): Rule => ({
    ...rule(owner, ...destinations),
    mirrors: [{ destination: to(endpoints, 'v2'), percent: 10 }],
  });
  const refused = (...rules: readonly Rule[]) => deadTargets(mirroring, [table(...rules)]);

  it('are refused, in words of their own', () => {
    expect(refused(mirrored([], to(pods)), rule('foreign', to(pods)))).toMatchObject([
      { code: 'no-ready-pods', message: expect.stringContaining('mirrored'), instead: expect.stringContaining('leave the mirror out') },
    ]);
    expect(refused(mirrored('no-cluster', to(pods)), rule('foreign', to(pods)))).toMatchObject([{ code: 'version-unseen' }]);
    expect(refused(mirrored(pods, to(pods)), rule('foreign', to(pods)))).toEqual([]);
  });

  it('and what the change leaves as it is may be dead already', () => {
    expect(refused(mirrored(pods, to([], 'v1')), rule('foreign', to([], 'v1')))).toEqual([]);
    const failing: Change = { ...change, versions: [], intents: [{ match: [], fault: { abort: { percent: 1, status: 503 } } }] };
    expect(deadTargets(failing, [table(mirrored([], to([], 'v1')), rule('foreign', to([], 'v1')))])).toEqual([]);
  });
});

describe('a shadow that does not exist for callers', () => {
  const session = { kind: 'session' as const, namespace: 'shop', id: 'a1' };
  const alice = [{ headers: [{ name: 'x-dev', is: { exact: 'alice' } }] }];
  const takeover = (version: Change['versions'][number]): Change => ({
    ...change,
    owner: session,
    versions: [version],
    intents: [{ match: alice, to: [{ version: 'a1', weight: 100 }] }],
  });
  const behind = takeover({ id: 'a1', realise: 'subset', labels: { 'heddle.dev/session': 'a1' } });
  const shadow: Destination = { ...to('no-cluster', 'heddle-a1'), labels: { 'heddle.dev/session': 'a1' } };
  const ours: Rule = { ...rule(session, shadow), match: alice };
  const refused = (...rules: readonly Rule[]) => deadTargets(behind, [table(ours, ...rules)]);

  it('is refused where somebody answers them today, also by a share', () => {
    expect(refused(rule('foreign', to(pods)))).toMatchObject([
      { code: 'version-unseen', instead: expect.stringContaining('--realise service') },
    ]);
    expect(refused(rule('foreign', to('no-cluster'), to(pods))).map(({ code }) => code)).toEqual(['version-unseen']);
  });

  it('is no loss to those who get 503 already', () => {
    expect(refused(rule('foreign', to('no-cluster')))).toEqual([]);
    expect(refused()).toEqual([]);
  });
});
