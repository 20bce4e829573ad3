import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FEATURES, isRecord, isSupported, MESH_ADAPTER_API, type MeshAdapter } from '@heddle/core';
import type { CaseResult, Level } from '../cases/case.js';
import { type Choice, folderOf } from '../run/prepare.js';
import { kitFile } from '../stage/kit-files.js';
import type { Stage } from '../stage/stage.js';
import { numbersOf } from './numbers.js';
import { type ConformanceReport, REPORT_VERSION, type ReportedCase, type Tally } from './report.js';

export async function buildReport(
  adapter: MeshAdapter,
  choice: Choice,
  ran: readonly { readonly stage: Stage; readonly results: readonly CaseResult[] }[],
): Promise<ConformanceReport> {
  const dir = folderOf(choice.packageDir);
  const cases = ran.flatMap(({ stage, results }) => results.map((result) => reported(stage, result)));
  const { id, title } = adapter;
  return {
    report: REPORT_VERSION,
    kit: await identity(kitFile('package.json')),
    contract: { meshAdapter: MESH_ADAPTER_API },
    implementation: { ...(await identity(join(dir, 'package.json'))), adapter: { id, title } },
    environments: ran.map(({ stage }) => environmentOf(adapter, stage)),
    levels: { core: tally(cases, 'core'), extended: tally(cases, 'extended') },
    cases,
    numbers: await numbersOf(adapter, dir, cases, isNarrowed(choice)),
    reproduce: reproduction(choice),
  };
}

function reported({ name: environment }: Stage, result: CaseResult): ReportedCase {
  const { id, number, level, title, outcome, feature, reason, failures } = result;
  return {
    environment,
    id,
    ...(number === undefined ? {} : { number }),
    level,
    title,
    outcome,
    ...(feature === undefined ? {} : { capability: feature }),
    ...(reason === undefined ? {} : { reason }),
    ...(failures.length === 0 ? {} : { failures }),
  };
}

function environmentOf(adapter: MeshAdapter, { name, title, environment }: Stage) {
  const { version, envoy } = environment;
  const capabilities = adapter.capabilities(environment);
  const undeclared = FEATURES.filter((feature) => !isSupported(capabilities, feature)).map((feature) => {
    const support = capabilities[feature];
    return [feature, typeof support === 'object' ? support.unsupported : 'not declared'];
  });
  const absent = (['render', 'adopt'] as const).filter((member) => adapter[member] === undefined).map((member) => [member, 'it has none']);
  return {
    name,
    title,
    ...(version === undefined ? {} : { version }),
    ...(envoy === undefined ? {} : { envoy }),
    undeclared: Object.fromEntries([...undeclared, ...absent]) as Readonly<Record<string, string>>,
  };
}

function tally(cases: readonly ReportedCase[], level: Level): Tally {
  const count = (outcome: string) => cases.filter((one) => one.level === level && one.outcome === outcome).length;
  const [passed, failed, skipped] = [count('pass'), count('fail'), count('skip')];
  return { result: failed > 0 ? 'fail' : passed > 0 ? 'pass' : 'not run', passed, failed, skipped };
}

async function identity(file: string): Promise<{ readonly package: string; readonly version: string }> {
  const manifest: unknown = JSON.parse(await readFile(file, 'utf8'));
  const { name, version } = isRecord(manifest) ? manifest : {};
  return { package: typeof name === 'string' ? name : 'unnamed', version: typeof version === 'string' ? version : '0.0.0' };
}

const isNarrowed = ({ level, only = [], environment }: Choice): boolean => level === 'core' || only.length > 0 || environment !== undefined;

function reproduction({ level = 'extended', only = [], environment }: Choice): string {
  const where = environment === undefined ? [] : [`--environment ${environment}`];
  return ['heddle adapter verify .', `--level ${level}`, ...where, ...only.map((one) => `--only ${one}`)].join(' ');
}
