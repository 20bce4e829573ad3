import { describeRef } from '@heddle/core';
import { traceDocument } from '../explain/trace-document.js';
import type { CaseReport, RequestReport, TestReport } from './types.js';

/** The result of `heddle test` as JSON shows it; schemas/test.json. */
export function testDocument({ files, passed, failed, recorded, errors }: TestReport) {
  return {
    passed,
    failed,
    recorded,
    errors,
    files: files.map((file) => ({ file: file.file, errors: file.errors, cases: file.cases.map(caseDocument) })),
  };
}

function caseDocument({ test, document, line, mesh, envoy, caller, requests, refused }: CaseReport) {
  return {
    ...(test.id === undefined ? {} : { id: test.id }),
    ...(test.title === undefined ? {} : { title: test.title }),
    document,
    line,
    mesh,
    ...(envoy === undefined ? {} : { envoy }),
    client: caller,
    rejected: refused.map(({ ref, message }) => ({ object: ref === undefined ? '' : describeRef(ref), because: message })),
    requests: requests.map(requestDocument),
  };
}

function requestDocument({ request, line, result, differences, undecided, hints, wrote, recorded, answer }: RequestReport) {
  return {
    ...(request.name === undefined ? {} : { name: request.name }),
    method: request.method,
    url: request.url,
    headers: request.headers,
    line,
    result,
    ...(differences.length === 0 ? {} : { differences: differences.map(differenceDocument) }),
    ...(undecided === undefined ? {} : { undecided }),
    ...(hints.length === 0 ? {} : { hints }),
    ...(wrote.length === 0 ? {} : { wrote }),
    got: recorded,
    trace: traceDocument(answer.trace),
  };
}

/** Nothing is `null` in JSON. */
const differenceDocument = ({ what, expected, got, because }: RequestReport['differences'][number]) => ({
  what,
  expected: expected ?? null,
  got: got ?? null,
  ...(because === undefined ? {} : { because }),
});
