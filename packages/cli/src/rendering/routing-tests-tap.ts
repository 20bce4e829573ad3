import { dump } from 'js-yaml';
import type { CaseFileError, CaseReport, RequestReport, TestReport } from '../services/routing-tests/types.js';
import { caseName, reasonsOf, requestName } from '../services/routing-tests/words.js';
import { failureLines } from './routing-test-failure.js';

/** TAP version 14: a test point for each request and for each mistake in a file, with a YAML block for what failed. */
export function tapOf({ files }: TestReport): string {
  const points = files.flatMap(({ file, cases, errors }) => [
    ...errors.map((error) => errorPoint(file, error)),
    ...cases.flatMap((one) => one.requests.map((request) => requestPoint(file, one, request))),
  ]);
  const numbered = points.map(({ ok, name, more }, index) => `${ok ? 'ok' : 'not ok'} ${index + 1} - ${described(name)}${more}`);
  return ['TAP version 14', `1..${points.length}`, ...numbered, ''].join('\n');
}

interface Point {
  readonly ok: boolean;
  readonly name: string;
  /** Below its line. */
  readonly more: string;
}

function errorPoint(file: string, { message, line }: CaseFileError): Point {
  return { ok: false, name: file, more: diagnostic({ message, at: { file, ...(line === undefined ? {} : { line }) } }) };
}

function requestPoint(file: string, one: CaseReport, request: RequestReport): Point {
  const name = `${file}: ${caseName(one)}: ${requestName(request)}`;
  if (request.result !== 'failed') return { ok: true, name, more: request.wrote.map((what) => `\n# ${what}`).join('') };
  const { differences, line } = request;
  const more = diagnostic({
    message: reasonsOf(request).join('; '),
    severity: 'fail',
    at: { file, line },
    ...(differences.length === 0
      ? {}
      : {
          expected: Object.fromEntries(differences.map(({ what, expected }) => [what, expected ?? null])),
          actual: Object.fromEntries(differences.map(({ what, got }) => [what, got ?? null])),
        }),
    detail: failureLines(one, request, true).join('\n'),
  });
  return { ok: false, name, more };
}

function diagnostic(value: object): string {
  const lines = dump(JSON.parse(JSON.stringify(value)), { noRefs: true, lineWidth: -1 })
    .trimEnd()
    .split('\n');
  return ['', '  ---', ...lines.map((line) => (line === '' ? '' : `  ${line}`)), '  ...'].join('\n');
}

/** `#` would begin a directive. */
const described = (name: string): string =>
  name
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('\\', '\\\\')
    .replaceAll('#', '\\#');
