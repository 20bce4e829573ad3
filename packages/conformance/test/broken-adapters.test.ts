import { adapter } from '@heddle/adapter-istio';
import { isRecord, type KubeObject, type MeshAdapter, type ObjectEdit } from '@heddle/core';
import { describe, expect, it } from 'vitest';
import { formatCaseReport, loadCases, runCases, summariseCases } from '../src/index.js';
import { istioCases, options } from './support/run-options.js';

type Rule = Readonly<Record<string, unknown>>;

const isOurs = (rule: Rule) => String(rule.name).startsWith('heddle/session/');
const httpOf = ({ spec }: KubeObject): readonly Rule[] => (isRecord(spec) && Array.isArray(spec.http) ? spec.http.filter(isRecord) : []);
const without = (rule: Rule, key: string) => Object.fromEntries(Object.entries(rule).filter(([name]) => name !== key));
const ours = (change: (rule: Rule) => Rule) => (http: readonly Rule[]) => http.map((rule) => (isOurs(rule) ? change(rule) : rule));

/** The adapter with its edits spoilt. */
function spoilt(spoil: (edit: ObjectEdit) => ObjectEdit | undefined): MeshAdapter {
  return {
    ...adapter,
    encode(change, seen, env) {
      const planned = adapter.encode(change, seen, env);
      return 'refused' in planned ? planned : { ...planned, ok: planned.ok.flatMap((edit) => spoil(edit) ?? []) };
    },
  };
}

const rules = (spoil: (http: readonly Rule[]) => readonly Rule[]) =>
  spoilt((edit) =>
    edit.op === 'delete'
      ? edit
      : { ...edit, body: { ...edit.body, spec: { ...(edit.body.spec as object), http: spoil(httpOf(edit.body)) } } },
  );

/** What adapters get wrong (semantics §5), and a case that must notice each. */
const broken: readonly (readonly [string, MeshAdapter, readonly string[]])[] = [
  [
    'puts its rules last',
    rules((http) => [...http.filter((rule) => !isOurs(rule)), ...http.filter(isOurs)]),
    ['istio-01', 'istio-13', 'istio-46'],
  ],
  ['loses the rewrite', rules(ours((rule) => without(rule, 'rewrite'))), ['istio-14', 'istio-52']],
  ['loses the timeout', rules(ours((rule) => without(rule, 'timeout'))), ['istio-14', 'istio-46b', 'istio-52']],
  ['mirrors the session', rules(ours((rule) => ({ ...rule, mirror: { host: 'web' } }))), ['istio-01', 'istio-52']],
  [
    'makes no catch-all',
    rules((http) => http.filter((rule) => !String(rule.name).startsWith('heddle/fallback'))),
    ['istio-13', 'istio-19'],
  ],
  [
    'drops rules of users that it does not know',
    rules((http) => http.filter((rule) => isOurs(rule) || !('match' in rule))),
    ['istio-02', 'istio-10'],
  ],
  ['matches more than it was told', rules(ours((rule) => without(rule, 'match'))), ['istio-01', 'istio-30']],
  ['names no owner', rules(ours((rule) => without(rule, 'name'))), ['istio-01', 'istio-05']],
  ['forgets the gateway', spoilt((edit) => (edit.ref.name === 'cart-edge' ? undefined : edit)), ['istio-14']],
  [
    'removes every session at once',
    {
      ...adapter,
      encode(change, seen, env) {
        const planned = adapter.encode(change, seen, env);
        if ('refused' in planned || change.intents.length > 0) return planned;
        const stripped = planned.ok.map((edit) =>
          edit.op === 'replace'
            ? {
                ...edit,
                body: { ...edit.body, spec: { ...(edit.body.spec as object), http: httpOf(edit.body).filter((rule) => !isOurs(rule)) } },
              }
            : edit,
        );
        return { ...planned, ok: stripped };
      },
    },
    ['istio-04', 'istio-05'],
  ],
  ['does nothing', { ...adapter, encode: () => ({ ok: [], notes: [] }) }, ['istio-01', 'istio-19', 'istio-33']],
  ['knows none of its rules', { ...adapter, owned: () => [] }, ['istio-01', 'istio-48']],
  [
    'refuses everything',
    { ...adapter, encode: () => ({ refused: [{ code: 'no', message: 'no' }] }) },
    ['istio-01', 'istio-03', 'istio-19'],
  ],
];

const cases = await loadCases(istioCases);

describe('cases notice an adapter that', () => {
  it.each(broken)('%s', async (_, spoiltAdapter, expected) => {
    const chosen = cases.filter(({ id }) => expected.includes(id));
    const report = await runCases(spoiltAdapter, chosen, options);
    const failed = report.results.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
    expect(failed, formatCaseReport(report)).toEqual(expected);
  });
});

describe('the runner', () => {
  it('skips what an adapter does not declare, and names it', async () => {
    const modest: MeshAdapter = {
      ...adapter,
      capabilities: () => ({ 'to.service': 'supported', 'view.mesh': 'supported', 'match.header.exact': 'supported' }),
    };
    const report = await runCases(modest, cases, { env: options.env });
    const { skipped, failed } = summariseCases(report);
    expect(failed).toBe(0);
    expect(Object.keys(skipped)).toEqual(
      expect.arrayContaining(['cluster', 'match.header.regex', 'match.path.segmentPrefix', 'view.gateway']),
    );
    expect(formatCaseReport(report)).toContain('(needs cluster)');
  });

  it('skips cases of another mesh', async () => {
    const report = await runCases({ ...adapter, id: 'other' }, cases.slice(0, 2), options);
    expect(report.results.map(({ outcome, feature }) => [outcome, feature])).toEqual([
      ['skip', 'mesh istio'],
      ['skip', 'mesh istio'],
    ]);
  });
});
