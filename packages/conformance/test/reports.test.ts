import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ConformanceReport, runConformance, summariseReport, toMarkdown } from '../src/index.js';
import { ISTIO, SUBJECTS } from './support/subjects.js';

const validate = new Ajv2020().compile(JSON.parse(readFileSync(new URL('../schemas/report.json', import.meta.url), 'utf8')) as object);

/** Numbers that nothing covers yet, as the package's own `numbers.yaml` says; none of them is for a level core. */
const OPEN: Readonly<Record<string, readonly number[]>> = {};

describe.each(SUBJECTS)('the report of %s', (_, { adapter, packageDir }) => {
  let report: ConformanceReport;
  beforeAll(async () => {
    report = await runConformance(adapter, { packageDir });
  }, 300_000);

  it('has no failure, and every case of the level core passes', () => {
    const failures = report.cases.flatMap(({ environment, id, failures = [] }) => failures.map((one) => `${environment}/${id}: ${one}`));
    expect(failures).toEqual([]);
    expect(report.levels.core).toMatchObject({ result: 'pass', failed: 0, skipped: 0 });
    expect(report.levels.core.passed).toBeGreaterThan(50);
    expect(report.levels.extended.result).toBe('pass');
  });

  it('names for each skip a capability that is not declared, or the reason that the package gives', () => {
    const undeclared = new Map(report.environments.map(({ name, undeclared: lacking }) => [name, Object.keys(lacking)]));
    const unnamed = report.cases.filter(({ environment, outcome, capability, reason }) => {
      if (outcome !== 'skip') return false;
      return capability === undefined ? (reason ?? '').startsWith('there is no') : !undeclared.get(environment)?.includes(capability);
    });
    expect(unnamed).toEqual([]);
  });

  it('covers all 52 numbered cases, or says why not', () => {
    expect(report.numbers.map(({ number }) => number)).toEqual(Array.from({ length: 52 }, (__, index) => index + 1));
    expect(report.numbers.filter(({ status }) => status === 'none' || status === 'fail')).toEqual([]);
    expect(report.numbers.filter(({ status }) => status === 'reason').map(({ number }) => number)).toEqual(OPEN[adapter.id] ?? []);
    expect(report.numbers.filter(({ why, status }) => status !== 'pass' && (why ?? '') === '')).toEqual([]);
  });

  it('is of the published shape, names who made it, and says how to make it again', () => {
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    expect(report).toMatchObject({
      report: 'heddle-conformance/1',
      kit: { package: '@heddle/conformance' },
      contract: { meshAdapter: 1 },
      implementation: { adapter: { id: adapter.id, title: adapter.title } },
      reproduce: 'heddle adapter verify . --level extended',
    });
    expect(toMarkdown(report)).toContain(report.reproduce);
    expect(summariseReport(report)).toMatch(/^core +pass: /m);
  });
});

it('is the same each time', { timeout: 300_000 }, async () => {
  const options = { packageDir: ISTIO.packageDir, only: ['46', 'killed.plain'] };
  const [first, second] = [await runConformance(ISTIO.adapter, options), await runConformance(ISTIO.adapter, options)];
  expect(JSON.stringify(first)).toBe(JSON.stringify(second));
  expect(first.cases.length).toBeGreaterThan(5);
});
