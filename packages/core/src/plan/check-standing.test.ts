import { describe, expect, it } from 'vitest';
import type { Change, Intent } from '../model/change.js';
import type { Match } from '../model/match.js';
import type { Action, Destination, RouteTable, Rule } from '../model/table.js';
import { checkEffect } from './check-effect.js';

const owner = { kind: 'route' as const, namespace: 'shop', id: 'tomcat.80' };
const pods = [{ namespace: 'shop', name: 'tomcat-0' }];
const tomcat = (more: Partial<Destination> = {}): Action => ({
  to: [{ host: 'tomcat.shop.svc.cluster.local', port: 80, weight: 1, endpoints: pods, ...more }],
});
const foreign = (match: readonly Match[], action: Action = tomcat(), more: Partial<Rule> = {}): Rule => ({
  match,
  action,
  owner: 'foreign',
  origins: [],
  ...more,
});
const table = (rules: readonly Rule[]): RouteTable => ({
  view: { plane: 'mesh', clients: {} },
  domains: ['tomcat.shop.svc.cluster.local'],
  port: 80,
  protocol: 'http',
  rules,
  otherwise: { status: 404 },
});
const declaring = (intent: Intent): Change => ({
  owner,
  services: [{ namespace: 'shop', name: 'tomcat', port: 80 }],
  views: 'all',
  versions: [{ id: 'next', realise: 'service', service: { namespace: 'shop', name: 'tomcat-next' } }],
  intents: [intent],
});
const failures = (change: Change, theirs: Rule, ours: Partial<Rule>) =>
  checkEffect(change, [table([theirs])], [table([{ ...theirs, owner, ...ours }, theirs])], {}).failures.join();

describe('the check of a standing route', () => {
  const mirror = declaring({ match: [], mirror: { version: 'next', percent: 10 } });
  const copies = { mirrors: [{ destination: { host: 'tomcat-next.shop.svc.cluster.local', weight: 1, endpoints: pods }, percent: 10 }] };
  const failing = { abort: { percent: 100, status: 503 } };
  const fault = declaring({ match: [], fault: failing });

  it('takes a mirror for what it is once the destination, which stays as it is, has a pod', () => {
    const dead = foreign([], tomcat({ endpoints: [] }));
    expect(failures(mirror, dead, copies)).toBe('');
    expect(failures(mirror, dead, {})).toContain('it is not mirrored to next');
  });

  it('expects no copies of what the proxy answers itself', () => {
    const headers = ['origin', 'access-control-request-method'].map((name) => ({ name, is: { exact: 'x' } }));
    const cors = foreign([{ method: { exact: 'OPTIONS' }, headers }], tomcat(), { preflight: 'all' });
    expect(failures(mirror, cors, copies)).toBe('');
  });

  it('lets a fault take the place of one that cannot be read', () => {
    const strange = foreign([], tomcat(), { opaque: { 'fault.abort.grpcStatus': 'INTERNAL' } });
    expect(failures(fault, strange, { fault: failing, opaque: {} })).toBe('');
    expect(failures(fault, foreign([]), { fault: failing, opaque: { x: 1 } })).toContain('depend on x');
  });

  it('tells versions that are the same pods by their names', () => {
    const labels = { version: 'v1' };
    const versions = ['v1', 'canary'].map((id) => ({ realise: 'subset' as const, labels, id, ref: id }));
    const change = { ...declaring({ match: [], to: [{ version: 'canary', weight: 100 }] }), versions };
    expect(failures(change, foreign([]), { action: tomcat({ subset: 'canary', labels }) })).toBe('');
    expect(failures(change, foreign([]), { action: tomcat({ subset: 'v1', labels }) })).toContain('canary gets 0 %');
  });
});
