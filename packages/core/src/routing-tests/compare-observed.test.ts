import { describe, expect, test } from 'vitest';
import { observedDifferences } from './compare-observed.js';
import type { RecordedAnswer } from './recorded-answer.js';

const host = 'reviews.shop.svc.cluster.local';
const observed: RecordedAnswer = {
  status: 200,
  outcomes: [
    { probability: 0.9, host, port: 9080, subset: 'v1', labels: { version: 'v1' }, pods: ['shop/a', 'shop/b'], status: 200 },
    { probability: 0.1, host, port: 9080, subset: 'v2', labels: { version: 'v2' }, pods: ['shop/c'], status: 200 },
  ],
  mirrors: [{ host, port: 9080, percent: 50, pods: ['shop/c'] }],
  faults: { delay: { percent: 5, ms: 10 } },
  seen: { path: '/', authority: 'reviews:9080' },
  route: 'shop/reviews r0',
};
const wrong = (ours: RecordedAnswer, details: Parameters<typeof observedDifferences>[2] = []) =>
  observedDifferences(observed, ours, details).map(({ what }) => what);
const [first, second] = observed.outcomes as [RecordedAnswer['outcomes'][0], RecordedAnswer['outcomes'][0]];

describe('an observed answer', () => {
  test('is met whatever the order of outcomes, pods and keys', () => {
    const turned = Object.fromEntries(Object.entries(first).reverse()) as unknown as typeof first;
    expect(wrong({ ...observed, outcomes: [second, { ...turned, pods: ['shop/b', 'shop/a'] }] })).toEqual([]);
  });

  test('knows nine digits', () => {
    const thirds = { outcomes: [{ probability: 0.333333333, host }] };
    expect(observedDifferences(thirds, { outcomes: [{ probability: 1 / 3, host }] })).toEqual([]);
  });

  test('does not hold seen and route against the answer, unless asked to', () => {
    const { seen: _, route: __, ...rest } = observed;
    expect(wrong(rest)).toEqual([]);
    expect(wrong(rest, ['seen'])).toEqual(['seen']);
  });

  test('that names no pods is met by any', () => {
    const bare = { ...observed, outcomes: observed.outcomes.map(({ pods: _, ...one }) => one) };
    expect(observedDifferences(bare, observed)).toEqual([]);
  });

  test.each<[string, RecordedAnswer, string]>([
    ['another probability', { ...observed, outcomes: [{ ...first, probability: 0.8 }, second] }, 'outcomes'],
    ['an outcome more', { ...observed, outcomes: [first, second, second] }, 'outcomes'],
    ['an outcome less', { ...observed, outcomes: [first] }, 'outcomes'],
    ['another port', { ...observed, outcomes: [{ ...first, port: 80 }, second] }, 'outcomes'],
    ['labels where there are none', { ...observed, outcomes: [{ ...first, labels: {} }, second] }, 'outcomes'],
    ['other pods', { ...observed, outcomes: [{ ...first, pods: ['shop/a'] }, second] }, 'outcomes'],
    ['no live pod', { ...observed, outcomes: [{ ...first, status: 503, reason: 'UH' }, second] }, 'outcomes'],
    ['other pods behind a mirror', { ...observed, mirrors: [{ host, port: 9080, percent: 50, pods: ['shop/a'] }] }, 'mirrors'],
    ['a redirect that was not there', { ...observed, redirect: { code: 301, location: '/' } }, 'redirect'],
  ])('is not met by %s', (_, ours, what) => {
    expect(wrong(ours)).toEqual([what]);
  });

  test('wants absent what it does not name', () => {
    const { mirrors: _, faults: __, status: ___, ...rest } = observed;
    expect(observedDifferences(rest, observed).map(({ what }) => what)).toEqual(['status', 'mirrors', 'faults']);
  });
});

test('a tcp connection whose backend was not looked at holds nothing against seen', () => {
  const tcp: RecordedAnswer = { outcomes: [{ probability: 1, host }], protocol: 'tcp' };
  expect(observedDifferences(tcp, { ...tcp, seen: { path: '/', authority: 'x' } }, ['seen', 'protocol'])).toEqual([]);
});
