import type { CaseReport, FileReport, RequestReport, TestReport } from '../services/routing-tests/types.js';
import { caseName, reasonsOf, requestName } from '../services/routing-tests/words.js';
import { failureLines } from './routing-test-failure.js';

/** JUnit's XML, as CI systems read it: a suite for each file, a test case for each request, an error for each mistake in a file. */
export function junitOf({ files, passed, failed, recorded, errors }: TestReport): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="heddle test" tests="${passed + failed + recorded + errors}" failures="${failed}" errors="${errors}">`,
    ...files.flatMap(suite),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite({ file, cases, errors }: FileReport): readonly string[] {
  const requests = cases.flatMap((one) => one.requests);
  const failed = requests.filter(({ result }) => result === 'failed').length;
  return [
    `  <testsuite name="${escaped(file)}" tests="${requests.length + errors.length}" failures="${failed}" errors="${errors.length}">`,
    ...errors.map(
      ({ message, line }) =>
        `    <testcase classname="${escaped(file)}" name="case file${line === undefined ? '' : `, line ${line}`}"><error message="${escaped(message)}"/></testcase>`,
    ),
    ...cases.flatMap((one) => one.requests.map((request) => testCase(file, one, request))),
    '  </testsuite>',
  ];
}

function testCase(file: string, one: CaseReport, request: RequestReport): string {
  const head = `    <testcase classname="${escaped(caseName(one))}" name="${escaped(requestName(request))}" file="${escaped(file)}" line="${request.line}"`;
  if (request.result !== 'failed') return `${head}/>`;
  const text = failureLines(one, request, true).join('\n');
  return `${head}><failure message="${escaped(reasonsOf(request).join('; '))}">${escaped(text)}</failure></testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Also without what XML 1.0 has no way to write. */
function escaped(text: string): string {
  return [...text]
    .map((character) => {
      const code = character.codePointAt(0) ?? 0;
      const allowed =
        code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd) || code > 0xffff;
      return allowed ? (ENTITIES[character] ?? character) : '\ufffd';
    })
    .join('');
}
