import { describe, expect, test } from 'vitest';
import type { Answer, Outcome } from '../model/answer.js';
import { expectedDifferences } from './compare-expected.js';
import type { Expectation } from './expectation.js';
import { podVersions } from './pod-versions.js';

const host = 'reviews.shop.svc.cluster.local';
const pod = (name: string) => ({ namespace: 'shop', name });
const versions = podVersions(
  [
    ['a-0', 'v1'],
    ['a-1', 'v1'],
    ['a-2', 'v2'],
    ['b-0', undefined],
  ].map(([name = '', version]) => ({
    kind: 'Pod',
    metadata: { namespace: 'shop', name, labels: version === undefined ? {} : { version } },
  })),
);

const live = (probability: number, more: Partial<Outcome>): Outcome => ({ probability, host, port: 9080, status: 200, ...more });
const answered = (...outcomes: readonly Outcome[]): Answer => ({ status: 200, outcomes, trace: [], notes: [] });
const split = answered(
  live(0.9, { subset: 'stable', labels: { version: 'v1' }, pods: [pod('a-0'), pod('a-1')] }),
  live(0.1, { subset: 'canary', labels: { version: 'v2' }, pods: [pod('a-2')] }),
);
const whole = answered(live(1, { pods: [pod('a-0'), pod('a-1'), pod('a-2')] }));
const reasons = (expected: Expectation, answer: Answer) =>
  expectedDifferences(expected, answer, versions).map(({ what, because }) => (because === undefined ? what : `${what}: ${because}`));

describe('outcomes', () => {
  test.each<[string, Expectation['outcomes'] & object, Answer]>([
    [
      'each by its probability',
      [
        { version: 'v1', probability: 0.9 },
        { version: 'v2', probability: 0.1 },
      ],
      split,
    ],
    ['one of them, and the rest does not matter', [{ version: 'v2', probability: 0.1 }], split],
    ["by the subset's name", [{ subset: 'canary', probability: 0.1 }], split],
    ["by the subset's name as the version", [{ version: 'canary', probability: 0.1 }], split],
    ['all that fit are summed', [{ host, probability: 1 }], split],
    ['without probabilities they are all that there are', [{ version: 'v1' }, { version: 'v2' }], split],
    ['one that says nothing stands for all', [{}], split],
    ['the rest goes to the one without', [{ version: 'v1', probability: 0.9 }, { subset: 'canary' }], split],
    [
      'one within another, each summed by itself',
      [
        { host, probability: 1 },
        { version: 'v2', probability: 0.1 },
      ],
      split,
    ],
    [
      'as a list copied from an answer: each share counts for the one that says most of it',
      [
        { host, probability: 0.9 },
        { host, subset: 'canary', probability: 0.1 },
      ],
      split,
    ],
    [
      'the same twice is the sum',
      [
        { host, probability: 0.4 },
        { host, probability: 0.6 },
      ],
      split,
    ],
    ['never', [{ version: 'v3', probability: 0 }], split],
    ['equal pods have equal shares', [{ version: 'v2', probability: 0.333 }], whole],
    ['by their pods, in any order', [{ pods: ['shop/a-2', 'shop/a-0', 'shop/a-1'], probability: 1 }], whole],
    ['some of the labels', [{ labels: { version: 'v1' }, probability: 0.9 }], split],
    ['nowhere', [], { status: 404, outcomes: [], trace: [], notes: [] }],
    [
      'no endpoint',
      [{ status: 503, reason: 'UH', subset: 'v9' }],
      answered(live(1, { subset: 'v9', status: 503, reason: 'UH', pods: [] })),
    ],
    ['pods without a version label', [{ version: 'beta' }], answered(live(1, { subset: 'beta', pods: [pod('b-0')] }))],
  ])('hold: %s', (_, outcomes, answer) => {
    expect(reasons({ outcomes }, answer)).toEqual([]);
  });

  test.each<[string, Expectation['outcomes'] & object, Answer, string]>([
    ['another share', [{ version: 'v2', probability: 1 }], split, 'version v2 gets 0.1 of the requests, not 1'],
    [
      '0.999 is not all',
      [{ version: 'v1', probability: 1 }],
      answered(live(0.9999, { version: 'v1' }), live(0.0001, { version: 'v2' })),
      'version v1 gets 0.9999 of the requests, not 1',
    ],
    ['something goes elsewhere', [{ version: 'v1' }], split, `requests go to version v2 of ${host} too`],
    ['nothing goes there', [{ version: 'v3' }], split, 'nothing goes to version v3'],
    ['nothing goes there, told by all keys', [{ subset: 'canary', status: 503 }], split, 'nothing goes to subset canary, status 503'],
    ['never, but some do', [{ version: 'v2', probability: 0 }], split, 'version v2 gets 0.1 of the requests, not 0'],
    ['sent somewhere', [], whole, 'the request is sent somewhere'],
    ['other pods', [{ pods: ['shop/a-0'] }], whole, 'nothing goes to pods ["shop/a-0"]'],
  ])('do not hold: %s', (_, outcomes, answer, because) => {
    expect(reasons({ outcomes }, answer)).toEqual([`outcomes: ${because}`]);
  });

  test('what was got is shown with the versions that count', () => {
    const [difference] = expectedDifferences({ outcomes: [{ version: 'v3' }] }, whole, versions);
    expect(difference?.got).toMatchObject([
      { probability: 0.666667, version: 'v1' },
      { probability: 0.333333, version: 'v2' },
    ]);
  });
});

describe('all else', () => {
  const rich: Answer = {
    ...split,
    mirrors: [{ host: 'audit.shop.svc.cluster.local', port: 80, subset: 'v2', percent: 12.5, pods: [pod('a-2')] }],
    faults: { abort: { percent: 5, status: 503 } },
    seen: { path: '/v2', authority: 'reviews' },
  };
  const redirected: Answer = { status: 301, outcomes: [], redirect: { code: 301, location: 'https://x/' }, trace: [], notes: [] };

  test.each<[Expectation, Answer]>([
    [{ status: 200 }, rich],
    [{ mirrors: [{ version: 'v2' }] }, rich],
    [{ mirrors: [{ percent: 12.5, pods: ['shop/a-2'] }] }, rich],
    [{ mirrors: [], faults: {}, redirect: {} }, split],
    [{ faults: { abort: { status: 503 } } }, rich],
    [{ seen: { path: '/v2' } }, rich],
    [{ seen: {} }, redirected],
    [{ redirect: { code: 301 } }, redirected],
    [{ protocol: 'http' }, rich],
  ])('holds: %j', (expected, answer) => {
    expect(reasons(expected, answer)).toEqual([]);
  });

  test.each<[Expectation, Answer, string]>([
    [{ status: 200 }, redirected, 'status'],
    [{ status: 200 }, { outcomes: split.outcomes, trace: [], notes: [] }, 'status: it depends on the outcome'],
    [{ mirrors: [] }, rich, 'mirrors'],
    [{ mirrors: [{ version: 'v1' }] }, rich, 'mirrors: no mirror has version v1'],
    [{ mirrors: [{ percent: 100 }] }, rich, 'mirrors: no mirror has percent 100'],
    [{ mirrors: [{}] }, split, 'mirrors: nothing is mirrored'],
    [{ faults: {} }, rich, 'faults'],
    [{ faults: { delay: { ms: 5 } } }, rich, 'faults'],
    [{ seen: { path: '/' } }, rich, 'seen'],
    [{ seen: { path: '/' } }, redirected, 'seen'],
    [{ redirect: {} }, redirected, 'redirect'],
    [{ redirect: { location: 'https://y/' } }, redirected, 'redirect'],
    [{ protocol: 'tcp' }, rich, 'protocol'],
    [{ body: 'no' }, redirected, 'body'],
  ])('does not hold: %j', (expected, answer, reason) => {
    expect(reasons(expected, answer)).toEqual([reason]);
  });
});
