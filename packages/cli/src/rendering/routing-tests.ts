import type { CaseReport, FileReport, RequestReport, TestReport } from '../services/routing-tests/types.js';
import { caseName, requestName } from '../services/routing-tests/words.js';
import type { Paper } from '../terminal/output.js';
import { failureLines } from './routing-test-failure.js';

/** A line for each file, everything about each failure, and the sum at the end. `verbose`: a line for each request too. */
export function renderTests(report: TestReport, { style }: Paper, verbose: boolean): string {
  const lines = report.files.flatMap((file) => [fileLine(file), ...(verbose ? file.cases.flatMap(caseLines) : [])]);
  const failures = report.files.flatMap((file) => [...fileErrors(file), ...file.cases.flatMap((one) => failuresOf(file, one))]);
  const recorded = report.files.flatMap((file) => file.cases.flatMap((one) => recordedLines(file, one)));
  return [...lines, ...recorded, ...failures, '', summary()].join('\n');

  function fileLine({ file, cases, errors }: FileReport): string {
    const requests = cases.flatMap((one) => one.requests);
    const bad = errors.length > 0 || requests.some(({ result }) => result === 'failed');
    return `${bad ? style.red('FAIL') : style.green('ok  ')} ${file}  ${style.dim(counts(requests, errors.length))}`;
  }

  function caseLines(one: CaseReport): readonly string[] {
    const mark = { passed: style.green('ok  '), failed: style.red('FAIL'), recorded: style.cyan('rec ') };
    return [`     ${caseName(one)}`, ...one.requests.map((request) => `       ${mark[request.result]} ${requestName(request)}`)];
  }

  function fileErrors({ errors }: FileReport): readonly string[] {
    return errors.length === 0 ? [] : ['', ...errors.map(({ message }) => `${style.red(style.bold('Error:'))} ${message}`)];
  }

  function failuresOf({ file }: FileReport, one: CaseReport): readonly string[] {
    return one.requests
      .filter(({ result }) => result === 'failed')
      .flatMap((request) => [
        '',
        `${style.red('FAIL')} ${style.bold(`${file}:${request.line}`)} ${caseName(one)} › ${requestName(request)}`,
        ...failureLines(one, request, verbose).map((line) => `     ${line}`),
      ]);
  }

  function recordedLines({ file }: FileReport, one: CaseReport): readonly string[] {
    return one.requests
      .filter(({ wrote }) => wrote.length > 0)
      .map((request) => `${style.cyan('recorded')} ${file}: ${caseName(one)} › ${requestName(request)}: ${request.wrote.join(', ')}`);
  }

  function summary(): string {
    const { passed, failed, recorded: written, errors } = report;
    const text = counted(passed, failed, written, errors).join(', ');
    return failed + errors > 0 ? style.red(text) : style.green(text);
  }
}

function counts(requests: readonly RequestReport[], errors: number): string {
  const count = (result: RequestReport['result']) => requests.filter((one) => one.result === result).length;
  const [passed, failed, recorded] = [count('passed'), count('failed'), count('recorded')];
  return counted(passed, failed, recorded, errors)
    .filter((text) => !text.startsWith('0 '))
    .join(', ');
}

/** `12 passed`, `1 failed`; of recorded ones and mistakes only where there are some. */
function counted(passed: number, failed: number, recorded: number, errors: number): readonly string[] {
  return [
    `${passed} passed`,
    ...(recorded > 0 ? [`${recorded} recorded`] : []),
    `${failed} failed`,
    ...(errors > 0 ? [`${errors} ${errors === 1 ? 'mistake' : 'mistakes'} in case files`] : []),
  ];
}
