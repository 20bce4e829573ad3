import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { cliError } from '../../errors/cli-error.js';
import { readSources, type SourceText } from '../files/sources.js';
import { errorOf, readCases } from './case-files.js';
import { rewritten } from './record/rewritten.js';
import { type RunCase, runCase } from './run-case.js';
import type { CaseFile, CaseReport, FileReport, TestOptions, TestReport } from './types.js';
import { createWorlds, type WorldDeps } from './worlds.js';

export interface RoutingTestService {
  /**
   * Runs the cases of files and folders. What is wrong with a case file is part of the report, and stops no other. With `record`, what is
   * true now is written into the files. Throws `file-unreadable` for a file that is not there, `test-none` where there is no case at all,
   * and what a cluster that is asked throws.
   */
  run(options: TestOptions): Promise<TestReport>;
}

export function createRoutingTests(deps: WorldDeps & { readonly readStdin: () => Promise<string> }): RoutingTestService {
  return {
    run: async ({ files, envoy, record }) => {
      const sources = distinct(await readSources(files, deps.readStdin)).filter(mayBeCase);
      const read = sources.flatMap((source) => {
        const file = readFile(source, record);
        return file === undefined ? [] : [{ file, source }];
      });
      const worldOf = createWorlds(
        deps,
        read.flatMap(({ file }) => file.cases),
      );
      const reports: FileReport[] = [];
      for (const { file, source } of read) {
        reports.push(await runFile(file, source, { worldOf, record, ...(envoy === undefined ? {} : { envoy }) }));
      }
      if (reports.length === 0)
        throw cliError('test-none', `There is no case in ${files.join(', ')}.`, [
          'A case is YAML with client and requests: heddle test --help',
        ]);
      return counted(reports);
    },
  };
}

/** A folder and a file in it may both be named. */
const distinct = (sources: readonly SourceText[]): readonly SourceText[] => [
  ...new Map(sources.map((source) => [source.name === 'stdin' ? source.name : resolve(source.name), source])).values(),
];

/** JSON in a folder is data, not cases. */
const mayBeCase = ({ name, found }: SourceText): boolean => !found || /\.ya?ml$/i.test(name);

/** Only a file without mistakes is recorded into; one with some is read as without --record. */
function readFile(source: SourceText, record: boolean): CaseFile | undefined {
  const file = readCases(source, record);
  return record && file !== undefined && file.errors.length > 0 ? readCases(source, false) : file;
}

async function runFile(file: CaseFile, source: SourceText, options: RunCase): Promise<FileReport> {
  const errors = [...file.errors];
  const cases: CaseReport[] = [];
  const record = options.record && errors.length === 0;
  for (const one of file.cases) {
    try {
      cases.push(await runCase(file.file, one, { ...options, record }));
    } catch (error) {
      errors.push(errorOf(file.file, error, one));
    }
  }
  const recorded = cases.some(({ requests }) => requests.some(({ finding }) => finding !== undefined));
  if (!recorded) return { file: file.file, cases, errors };
  const text = rewritten(file, cases);
  if (text === undefined || source.name === 'stdin') {
    const message = `${file.file}: what is true now cannot be written into it without touching the rest; write its requests in lines of their own`;
    return { file: file.file, cases: cases.map(unwritten), errors: [...errors, { file: file.file, message }] };
  }
  try {
    writeFileSync(file.file, source.text.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text);
  } catch (error) {
    const message = `${file.file} cannot be written: ${error instanceof Error ? error.message : String(error)}`;
    return { file: file.file, cases: cases.map(unwritten), errors: [...errors, { file: file.file, message }] };
  }
  return { file: file.file, cases, errors };
}

function unwritten(one: CaseReport): CaseReport {
  const requests = one.requests.map((request) =>
    request.finding === undefined ? request : { ...request, result: 'failed' as const, undecided: 'it could not be recorded', wrote: [] },
  );
  return { ...one, requests };
}

function counted(files: readonly FileReport[]): TestReport {
  const requests = files.flatMap(({ cases }) => cases.flatMap((one) => one.requests));
  const count = (result: string) => requests.filter((one) => one.result === result).length;
  const errors = files.reduce((sum, file) => sum + file.errors.length, 0);
  return { files, passed: count('passed'), failed: count('failed'), recorded: count('recorded'), errors };
}
