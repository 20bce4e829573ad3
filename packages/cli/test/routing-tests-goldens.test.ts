import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { adapter as istio } from '@heddle/adapter-istio';
import { adapter as kuma } from '@heddle/adapter-kuma';
import { detectMeshes, isRecord } from '@heddle/core';
import { dump, load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoutingTests } from '../src/services/routing-tests/routing-tests.js';
import { testDocument } from '../src/services/routing-tests/test-document.js';
import type { TestReport } from '../src/services/routing-tests/types.js';
import { caseName, reasonsOf } from '../src/services/routing-tests/words.js';
import { shapeChecker } from './support/schemas.js';

const goldens = fileURLToPath(new URL('../../conformance/goldens', import.meta.url));
const unreachable = async () => Promise.reject(new Error('no cluster is asked'));

/** The command's service, offline. */
const service = createRoutingTests({
  connections: { open: unreachable, close: async () => undefined },
  meshes: { choose: unreachable, all: unreachable },
  adapters: async () => [istio, kuma],
  detect: detectMeshes,
  readStdin: async () => '',
  shared: false,
});

const wrongOf = ({ files }: TestReport): readonly string[] =>
  files.flatMap(({ errors, cases }) => [
    ...errors.map(({ message }) => message),
    ...cases.flatMap((one) =>
      one.requests
        .filter(({ result }) => result === 'failed')
        .map((request) => `${caseName(one)} ${request.number}: ${reasonsOf(request).join('; ')}`),
    ),
  ]);

describe.each([
  ['the newest Envoy', undefined],
  ['Envoy 1.38', '1.38'],
])('the recorded answers, with %s', (_, envoy) => {
  it.each(['istio', 'kuma'])('of %s are what heddle test finds', async (mesh) => {
    const folder = join(goldens, mesh);
    const report = await service.run({ files: [folder], record: false, ...(envoy === undefined ? {} : { envoy }) });
    expect(wrongOf(report)).toEqual([]);
    expect(report.passed).toBeGreaterThan(400);
    expect(report.files.length).toBe(readdirSync(folder).filter((name) => name.endsWith('.yaml')).length);
  });
});

describe('case files', () => {
  const checkCase = shapeChecker('routing-test');
  it.each(['istio', 'kuma'])('the published schema takes those of %s', (mesh) => {
    for (const name of readdirSync(join(goldens, mesh))) checkCase(load(readFileSync(join(goldens, mesh, name), 'utf8')));
  });
});

describe('--record', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'heddle-record-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const some = (mesh: string) => readdirSync(join(goldens, mesh)).filter((name) => /-(00|r000|h)/.test(name));
  const textsIn = (where: string) => readdirSync(where).map((name) => [name, readFileSync(join(where, name), 'utf8')]);

  it.each(['istio', 'kuma'])('changes nothing in cases of %s that hold', async (mesh) => {
    const copy = join(folder, `kept-${mesh}`);
    for (const name of some(mesh)) cpSync(join(goldens, mesh, name), join(copy, name));
    const before = textsIn(copy);
    const report = await service.run({ files: [copy], record: true });
    expect(wrongOf(report)).toEqual([]);
    expect(report.recorded).toBe(0);
    expect(textsIn(copy)).toEqual(before);
  });

  it.each(['istio', 'kuma'])('finds again what was recorded of %s', async (mesh) => {
    const bare = join(folder, `bare-${mesh}`);
    for (const name of some(mesh)) {
      cpSync(join(goldens, mesh, name), join(bare, name));
      writeFileSync(join(bare, name), dump(withoutAnswers(load(readFileSync(join(goldens, mesh, name), 'utf8'))), { noRefs: true }));
    }
    const report = await service.run({ files: [bare], record: true });
    expect(wrongOf(report)).toEqual([]);
    expect(report.recorded).toBeGreaterThan(200);
    shapeChecker('test')(testDocument(report));
    for (const name of some(mesh)) {
      const [ours, recorded] = [bare, join(goldens, mesh)].map((where) => requestsOf(load(readFileSync(join(where, name), 'utf8'))));
      expect(ours?.map(comparable), name).toEqual(recorded?.map(comparable));
    }
    // And it is a net: run again, it holds.
    expect(await service.run({ files: [bare], record: false })).toMatchObject({ failed: 0, errors: 0, passed: report.recorded });
  });
});

const requestsOf = (document: unknown): readonly Record<string, unknown>[] =>
  isRecord(document) && Array.isArray(document.requests) ? document.requests.filter(isRecord) : [];

function withoutAnswers(document: unknown): unknown {
  const requests = requestsOf(document).map(({ observed: _, observedOlderEnvoy: __, ...request }) => request);
  return isRecord(document) ? { ...document, requests } : document;
}

/** What both say of a request: not how it came about, nor what a mirror's subset is told by; seen stands in `expect` where we record it. */
function comparable({ observed, expect: ours }: Record<string, unknown>): unknown {
  if (!isRecord(observed)) return undefined;
  const { route: _, envoy: __, seen, outcomes, mirrors, protocol, ...rest } = observed;
  const sorted = (list: unknown, byMirror = false) =>
    (Array.isArray(list) ? list : [])
      .filter(isRecord)
      .map(({ pods, labels, probability, percent, ...one }) => ({
        ...one,
        ...(byMirror
          ? { percent: rounded(percent) }
          : { pods: Array.isArray(pods) ? [...pods].sort() : [], labels, probability: rounded(probability) }),
      }))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const backend = isRecord(ours) ? ours.seen : seen;
  return { ...rest, protocol, outcomes: sorted(outcomes), mirrors: sorted(mirrors, true), ...(protocol === 'tcp' ? {} : { backend }) };
}

const rounded = (value: unknown): unknown => (typeof value === 'number' ? Math.round(value * 1e8) / 1e8 : value);
