import { describe, expect, test } from 'vitest';
import {
  allV1,
  ask,
  base,
  FILES,
  half,
  host,
  jason,
  observed,
  onlyTable,
  pod,
  problems,
  reviews,
  rule,
  service,
  shares,
  tablesOf,
} from '../../../test/support/route-rules.js';
import { decode } from '../decode.js';
import { versions } from '../versions.js';

describe('Bookinfo as before Istio 1.0', () => {
  test('all at v1: a rule without a match', () => expect(shares(onlyTable([allV1]))).toEqual({ v1: 1 }));

  test('half at v1, half at v3', () => expect(shares(onlyTable([half]))).toEqual({ v1: 0.5, v3: 0.5 }));

  test('the user jason at v2, by cookie; the higher precedence goes first whatever the order of the files', () => {
    for (const objects of [
      [allV1, jason],
      [jason, half],
    ]) {
      const table = onlyTable(objects);
      expect(shares(table, [['cookie', 'user=jason']])).toEqual({ v2: 1 });
      expect(shares(table, [['cookie', 'a=b;user=jason;c=d']])).toEqual({ v2: 1 });
      expect(shares(table, [['cookie', 'user=jasons']])).not.toHaveProperty('v2');
      expect(shares(table)).not.toHaveProperty('v2');
      expect(table.rules.map(({ label }) => label)[0]).toBe('shop/reviews reviews-test-v2');
    }
  });

  test('an answer names pods, labels and the rule', () => {
    expect(ask(onlyTable([jason]), [['cookie', 'user=jason']])).toMatchObject({
      status: 200,
      outcomes: [{ host, port: 9080, version: 'v2', labels: { version: 'v2' }, pods: [{ namespace: 'shop', name: 'reviews-v2' }] }],
      decidedBy: [{ ref: { kind: 'RouteRule', name: 'reviews-test-v2' }, pointer: '/spec' }],
    });
  });

  test('whom no rule is for, all pods may answer', () => {
    const table = onlyTable([jason]);
    expect(shares(table)).toEqual({ all: 1 });
    expect(ask(table)).toMatchObject({ route: 'implicit', outcomes: [{ pods: [{}, {}, {}] }] });
  });

  test('equal precedence: by namespace and name; what stands behind a rule for everybody is never reached', () => {
    const late = rule('z', { destination: { name: 'reviews' }, precedence: 1, route: [{ labels: { version: 'v3' } }] });
    expect(shares(onlyTable([late, allV1]))).toEqual({ v1: 1 });
    expect(problems([late, allV1])).toContainEqual(expect.stringMatching(/^rule-unreached: RouteRule shop\/z/));
  });

  test('labels that no pod has answer 503', () => {
    const lost = rule('lost', { destination: { name: 'reviews' }, route: [{ labels: { version: 'v9' } }] });
    expect(ask(onlyTable([lost]))).toMatchObject({ status: 503, outcomes: [{ reason: 'UH', labels: { version: 'v9' } }] });
  });

  test('the sets of labels are the versions', () => {
    const seen = observed([...base, jason, half], FILES);
    expect(versions({ namespace: 'shop', name: 'reviews', port: 9080 }, seen, FILES)).toEqual(
      ['v1', 'v2', 'v3'].map((version) => ({ id: version, realise: 'subset', labels: { version } })),
    );
  });
});

describe('what a rule can say', () => {
  const one = (spec: Record<string, unknown>) => onlyTable([rule('r', { destination: { name: 'reviews' }, ...spec })]);
  const v2 = { route: [{ labels: { version: 'v2' } }] };

  test('path, method, authority and scheme are among the headers; prefixes and exact values', () => {
    const headers = { uri: { prefix: '/api' }, method: { exact: 'POST' }, authority: { prefix: 'reviews' }, 'x-team': { exact: 'pay' } };
    const table = one({ match: { request: { headers } }, ...v2 });
    expect(shares(table, [['x-team', 'pay']], '/apiary', 'POST')).toEqual({ v2: 1 });
    expect(shares(table, [['x-team', 'pay']], '/web', 'POST')).toEqual({ all: 1 });
    expect(shares(table, [['x-team', 'pay']], '/api')).toEqual({ all: 1 });
    expect(shares(table, [], '/api', 'POST')).toEqual({ all: 1 });
  });

  test('an empty exact value asks for presence', () => {
    const table = one({ match: { request: { headers: { 'x-dev': { exact: '' } } } }, ...v2 });
    expect([shares(table, [['x-dev', 'any']]), shares(table)]).toEqual([{ v2: 1 }, { all: 1 }]);
  });

  test('uri by a regex was looked for in a header, and is said to fit nobody', () => {
    const spec = { destination: { name: 'reviews' }, match: { request: { headers: { uri: { regex: '/v[12]' } } } }, ...v2 };
    expect(shares(onlyTable([rule('r', spec)]), [], '/v1')).toEqual({ all: 1 });
    expect(problems([rule('r', spec)])).toContainEqual(expect.stringMatching(/^legacy-route-rule-uri/));
  });

  test('look-around is opaque: the answer says on what it depends, and later rules are kept', () => {
    const pattern = '(?!admin).*';
    const strange = rule('strange', {
      destination: { name: 'reviews' },
      precedence: 5,
      match: { request: { headers: { cookie: { regex: pattern } } } },
      ...v2,
    });
    const table = onlyTable([strange, allV1]);
    expect(table.rules).toHaveLength(2);
    expect(table.rules[0]?.opaque).toEqual({ 'match.request.headers.cookie (look-ahead)': pattern });
    expect(ask(table).notes).toEqual([`depends on match.request.headers.cookie (look-ahead): ${pattern}`]);
  });

  test('15 seconds unless it says otherwise; retries, rewrite, mirror, headers', () => {
    expect(one(v2).rules[0]).toMatchObject({ timeoutMs: 15_000 });
    expect(
      one({
        ...v2,
        httpReqTimeout: { simpleTimeout: { timeout: '3.5s' } },
        httpReqRetries: { simpleRetry: { attempts: 3, perTryTimeout: '2s' } },
        rewrite: { uri: '/new', authority: 'x.test' },
        mirror: { name: 'reviews', labels: { version: 'v3' } },
        appendHeaders: { 'x-seen': 'yes' },
      }).rules[0],
    ).toMatchObject({
      timeoutMs: 3500,
      retry: { attempts: 3, perTryTimeout: '2s', retryOn: '5xx,connect-failure,refused-stream' },
      rewrite: { path: { prefix: '/new' }, authority: 'x.test' },
      mirrors: [{ percent: 100, destination: { host, labels: { version: 'v3' }, endpoints: [{ name: 'reviews-v3' }] } }],
      headers: { request: { add: { 'x-seen': 'yes' } } },
    });
  });

  test('faults in whole percent', () => {
    const httpFault = { delay: { percent: 12.7, fixedDelay: '7s' }, abort: { percent: 100, httpStatus: 400 } };
    expect(one({ ...v2, httpFault }).rules[0]?.fault).toEqual({
      delay: { percent: 12, ms: 7000 },
      abort: { percent: 100, status: 400 },
    });
  });

  test('a redirect', () => {
    const answer = ask(one({ redirect: { uri: '/new', authority: 'ratings.shop' } }), [], '/old');
    expect(answer.redirect).toEqual({ code: 301, location: 'http://ratings.shop/new' });
  });

  test('destinations of other names and namespaces', () => {
    const table = one({
      route: [
        { destination: { name: 'ratings' }, weight: 20 },
        { destination: { name: 'ratings', namespace: 'other' }, weight: 30 },
        { destination: { service: 'ext.example.com' }, weight: 50 },
      ],
    });
    expect(ask(table).outcomes.map(({ host: at, probability }) => [at, probability])).toEqual([
      ['ratings.shop.svc.cluster.local', 0.2],
      ['ratings.other.svc.cluster.local', 0.3],
      ['ext.example.com', 0.5],
    ]);
  });

  test('a source is the pods of a Service: other callers do not see the rule', () => {
    const spec = {
      destination: { name: 'reviews' },
      precedence: 2,
      match: { source: { name: 'ratings', labels: { version: 'v2' } } },
      ...v2,
    };
    const tables = tablesOf([rule('r', spec), allV1]);
    const byClients = tables.map((table) => [table.view.plane === 'mesh' ? table.view.clients : undefined, shares(table)]);
    expect(byClients).toContainEqual([{ namespaces: ['shop'], labels: { app: 'ratings', version: 'v2' } }, { v2: 1 }]);
    expect(byClients.filter(([, to]) => JSON.stringify(to) === '{"v1":1}').length).toBeGreaterThan(0);
    expect(problems([rule('r', { ...spec, match: { source: { name: 'nobody' } } })])).toContainEqual(
      expect.stringMatching(/^legacy-route-rule-source/),
    );
  });

  test('a port whose name says nothing carried TCP', () => {
    const objects = [service('reviews', { port: 9080 }), pod('reviews', 'v1'), allV1];
    const { tables, problems: found } = decode(reviews, observed(objects, FILES), FILES);
    expect(tables.filter(({ addresses }) => addresses?.includes(host)).map(({ protocol, rules }) => [protocol, rules.length])).toEqual([
      ['tcp', 0],
    ]);
    expect(found.map(({ code }) => code)).toContain('legacy-route-rule-port');
  });

  test('says what it does not read, and where a fault reaches further than its rule', () => {
    const found = problems([
      rule('r', {
        destination: { name: 'reviews' },
        ...v2,
        l4Fault: {},
        match: { tcp: {} },
        httpFault: { abort: { percent: 1, httpStatus: 500 } },
      }),
      rule('first', {
        destination: { name: 'reviews' },
        precedence: 9,
        match: { request: { headers: { 'x-dev': { exact: 'a' } } } },
        ...v2,
      }),
    ]);
    expect(found).toContainEqual('legacy-route-rule-field: RouteRule shop/r: match.tcp had no effect or is not read');
    expect(found).toContainEqual('legacy-route-rule-field: RouteRule shop/r: l4Fault had no effect or is not read');
    expect(found).toContainEqual(expect.stringMatching(/^legacy-route-rule-fault: RouteRule shop\/r: .*RouteRule shop\/first/));
  });
});
