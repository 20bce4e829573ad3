import { type Answer, type Outcome, parseRequest } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import type { ExplainReport } from '../services/explain/types.js';
import { styleFor } from '../terminal/style.js';
import { renderExplain } from './explain.js';

const HOST = 'reviews.shop.svc.cluster.local';
const live = (version: string, probability: number, host = HOST): Outcome => ({
  probability,
  version,
  host,
  port: 9080,
  status: 200,
  pods: [{ namespace: 'shop', name: `reviews-${version}-0` }],
});
const dead = (version: string, probability: number, reason: 'NC' | 'UH'): Outcome => ({
  ...live(version, probability),
  pods: [],
  status: 503,
  reason,
});

function report(answer: Partial<Answer>, more: Partial<ExplainReport> = {}): ExplainReport {
  const whole: Answer = { outcomes: [], trace: [], notes: [], ...answer };
  return {
    mesh: 'Mesh',
    url: 'http://reviews:9080/',
    request: parseRequest({ url: 'http://reviews:9080/' }),
    caller: { client: { kind: 'sidecar', namespace: 'shop', labels: {} }, namespace: 'shop', who: 'a pod', notes: [] },
    explanation: { answer: whole },
    outcomes: whole.outcomes,
    mirrors: [],
    dependsOn: [],
    problems: [],
    notes: [],
    placeOf: () => undefined,
    ...more,
  };
}
const paper = { style: styleFor(false), width: 80 };
const render = (answer: Partial<Answer>, all = false) => renderExplain(report(answer), paper, all);
const headline = (answer: Partial<Answer>) => render(answer).split('\n')[0];
const step = { origins: [], matched: true, because: 'x' };

describe('the first line', () => {
  it.each<[string, Partial<Answer>]>([
    ['→ v1 of reviews.shop:9080', { outcomes: [live('v1', 1)] }],
    ['→ v1 90 %, v2 10 % of reviews.shop:9080', { outcomes: [live('v1', 0.9), live('v2', 0.1)] }],
    ['→ v1 of reviews.shop:9080 50 %, v1 of cart:9080 50 %', { outcomes: [live('v1', 0.5), live('v1', 0.5, 'cart')] }],
    [
      '→ v1 90 % of reviews.shop:9080; 10 % get 503: v2 of reviews.shop:9080 does not exist for this caller (NC)',
      { outcomes: [live('v1', 0.9), dead('v2', 0.1, 'NC')] },
    ],
    ['→ 503: none of 2 destinations can answer', { outcomes: [dead('v1', 0.9, 'UH'), dead('v2', 0.1, 'NC')] }],
    ['→ 404 from the proxy: no rule is for this host', { status: 404, trace: [step], route: 'none' }],
    ['→ 404 from the proxy: no rule takes the request', { status: 404, trace: [step, step], route: 'none' }],
    ['→ 400 from the proxy: x', { status: 400, trace: [step] }],
    ['→ 418 from the proxy itself: short and stout', { status: 418, body: 'short and stout', trace: [step], decidedBy: [] }],
    ['→ redirect 301 to https://reviews/', { status: 301, redirect: { code: 301, location: 'https://reviews/' } }],
    ['→ the connection is accepted and closed without an answer', { protocol: 'tcp', trace: [step] }],
    ['→ passed on unrouted to wherever reviews leads (PassthroughCluster)', { outcomes: [{ probability: 1, host: 'PassthroughCluster' }] }],
    [
      '→ v1 of reviews.shop:9080; 10 % aborted with 500; all delayed by 1.5 s',
      { outcomes: [live('v1', 1)], faults: { abort: { percent: 10, status: 500 }, delay: { percent: 100, ms: 1500 } } },
    ],
    [
      '→ 503 for every request, by a fault; without it: v1 of reviews.shop:9080',
      { outcomes: [live('v1', 1)], faults: { abort: { percent: 100, status: 503 } } },
    ],
  ])('%s', (expected, answer) => {
    expect(headline(answer)).toBe(expected);
  });
});

describe('what follows', () => {
  const ref = { apiVersion: 'mesh.example/v1', kind: 'Route', namespace: 'shop', name: 'reviews' };
  const passed = (index: number) => ({ origins: [{ ref, pointer: '', index }], matched: false, because: 'path: expected exact /a, got /' });
  const trace = Array.from({ length: 12 }, (_, index) => passed(index));

  it('shortens a long trace, and says so', () => {
    const text = render({ status: 404, trace: [...trace, step], route: 'none' });
    expect(text).toContain('passed over  Route shop/reviews, rule 1: path: expected exact /a, got /\n');
    expect(text).toContain('rule 6: ');
    expect(text).not.toContain('rule 7: ');
    expect(text).toContain('and 6 more rules (--verbose shows them)');
    expect(render({ status: 404, trace: [...trace, step] }, true)).toContain('rule 12: ');
  });

  it('gives each way its share, and a reason instead of pods', () => {
    expect(render({ outcomes: [live('v1', 0.9), dead('v2', 0.1, 'UH')] })).toContain(
      '  shares      v1 90 %: shop/reviews-v1-0\n              10 %: v2 of reviews.shop:9080 has no ready pod (UH)\n',
    );
  });

  it('stays within the terminal', () => {
    const long = { ...report({ outcomes: [live('v1', 1)], trace: [step] }), notes: ['a word and another one '.repeat(12)] };
    for (const line of renderExplain(long, paper).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});
