import type { Answer } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { type Reply, replyOf } from '../../scripts/record/cluster/call.js';
import { clusterCase } from '../../scripts/record/cluster/cluster-case.js';
import { contradiction, isUncertain, notAsked } from '../../scripts/record/cluster/judge.js';
import { placed, placeOf } from '../../scripts/record/cluster/place.js';

const pod = (name: string) => ({ namespace: 'n', name });
const outcome = (name: string, probability: number) => ({ probability, host: 'a', pods: [pod(name)], status: 200 });
const answer = (more: Partial<Answer>): Answer => ({ outcomes: [], trace: [], notes: [], ...more });
const split = answer({ outcomes: [outcome('v1', 0.9), outcome('v2', 0.1)], seen: { path: '/', authority: 'a' } });
const from = (name: string, count: number): Reply[] =>
  Array.from({ length: count }, () => ({ status: 200, body: '', seen: { pod: `n/${name}`, path: '/', authority: 'a' } }));

describe('replies of a cluster', () => {
  it('may be four standard deviations from what weights say, and no more', () => {
    expect(contradiction(split, [...from('v1', 175), ...from('v2', 25)])).toBeUndefined();
    expect(contradiction(split, [...from('v1', 150), ...from('v2', 50)])).toContain('expected 200 n/v1 90.0 %, 200 n/v2 10.0 % of 200');
  });

  it('come from no Pod but the expected ones, with the expected path and authority', () => {
    expect(contradiction(split, [...from('v1', 180), ...from('v2', 19), ...from('v3', 1)])).toContain('200 n/v3 1');
    const elsewhere = answer({ ...split, seen: { path: '/new', authority: 'a' } });
    expect(contradiction(elsewhere, from('v1', 1))).toBe('path: expected "/new", got "/"');
  });

  it("have the proxy's own status, location and body", () => {
    const redirect = answer({ status: 301, redirect: { code: 301, location: 'http://b/' } });
    expect(contradiction(redirect, [{ status: 301, location: 'http://b/', body: '' }])).toBeUndefined();
    expect(contradiction(redirect, [{ status: 301, location: 'http://c/', body: '' }])).toContain('location');
    expect(contradiction(answer({ status: 404 }), [{ status: 503, body: '' }])).toContain('expected 404 100.0 %');
    expect(contradiction(answer({ protocol: 'tcp' }), [{ body: '' }])).toBeUndefined();
    expect(contradiction(answer({ status: 200, body: 'hi' }), [{ status: 200, body: 'ho' }])).toContain('body');
  });

  it('hold the share of aborts', () => {
    const aborting = answer({ ...split, outcomes: [outcome('v1', 1)], faults: { abort: { percent: 50, status: 429 } } });
    const aborted = (count: number): Reply[] => Array.from({ length: count }, () => ({ status: 429, body: '' }));
    expect(contradiction(aborting, [...aborted(95), ...from('v1', 105)])).toBeUndefined();
    expect(contradiction(aborting, [...aborted(20), ...from('v1', 180)])).toContain('429 50.0 %');
    expect([isUncertain(aborting), isUncertain(split), isUncertain(answer({ status: 404 }))]).toEqual([true, true, false]);
  });

  it('are not asked for where somebody else answers, or late', () => {
    expect(notAsked(answer({ outcomes: [{ probability: 1, host: 'PassthroughCluster' }] }))).toBe('leaves the mesh');
    expect(notAsked(answer({ ...split, faults: { delay: { percent: 1, ms: 3000 } } }))).toBe('is delayed');
    expect(notAsked(answer({ ...split, seen: { path: 'new', authority: 'a' } }))).toBe('arrives with a path that servers refuse');
    expect(notAsked(split)).toBeUndefined();
  });

  it('are read as they stand on the connection', () => {
    const json = JSON.stringify({ pod: 'n/v1', path: '/x', host: 'a' });
    const chunked = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${json.length.toString(16)}\r\n${json}\r\n0\r\n\r\n`;
    expect(replyOf(chunked)).toEqual({ status: 200, body: json, seen: { pod: 'n/v1', path: '/x', authority: 'a' } });
    expect(replyOf('HTTP/1.1 302 Found\r\nlocation: /b\r\ncontent-length: 0\r\n\r\n')).toEqual({ status: 302, location: '/b', body: '' });
    expect(replyOf('')).toEqual({ body: '' });
  });
});

describe('a case for a cluster', () => {
  const cases = Array.from({ length: 60 }, (_, number) => clusterCase(1, number)).filter((one) => one !== undefined);

  it('keeps to the namespaces of the run', () => {
    expect(cases.length).toBeGreaterThan(20);
    for (const one of cases) {
      const text = JSON.stringify(placed(one, placeOf('run')).objects);
      expect(text).not.toMatch(/"(default|shop|other)"|\.(default|shop|other)\.svc|istio-system|"\*\.svc|"hosts":\["\*"/);
    }
  });

  it('has its names wherever they stand, in capitals and as addresses too', () => {
    const [one] = cases;
    if (one === undefined) throw new Error('no case fits');
    const request = { method: 'GET', url: 'http://REVIEWS.SHOP:9080/x', headers: [['Host', '10.96.0.1:9080']] as const };
    const there = placed({ ...one, requests: [request] }, { ...placeOf('run'), addresses: new Map([['10.96.0.1', '10.0.0.9']]) });
    expect(there.requests[0]).toEqual({ ...request, url: 'http://REVIEWS.RUN-SHOP:9080/x', headers: [['Host', '10.0.0.9:9080']] });
  });
});
