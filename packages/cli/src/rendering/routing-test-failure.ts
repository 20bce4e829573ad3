import { type Difference, describeRef, isRecord, type TraceStep } from '@heddle/core';
import { inline } from '../config/edit-yaml.js';
import type { CaseReport, RequestReport } from '../services/routing-tests/types.js';
import { clientText, curlLine } from './request-line.js';

/** Rules that were passed over beyond these are counted. */
const MOST_PASSED = 8;

/** What people need to see of a request that failed, in plain lines: the request, expected and got, why, and the rules that were tried. */
export function failureLines(one: CaseReport, report: RequestReport, all: boolean): readonly string[] {
  const { request, differences, undecided, hints, answer } = report;
  return [
    curlLine(request),
    `  from ${clientText(one.caller)}`,
    ...(undecided === undefined ? [] : [`it cannot be told what becomes of it: ${undecided}`]),
    ...differences.flatMap(differenceLines),
    ...(undecided === undefined ? traceLines(answer.trace, all) : []),
    ...hints.map((hint) => `hint: ${hint}`),
    ...one.refused.map(
      ({ ref, message }) => `left out, since the mesh refuses it: ${ref === undefined ? '' : `${describeRef(ref)}: `}${message}`,
    ),
  ];
}

function differenceLines({ what, expected, got, because }: Difference): readonly string[] {
  return [`${what}${because === undefined ? '' : `: ${because}`}`, ...valueLines('expected', expected), ...valueLines('got     ', got)];
}

/** In the words of the case file; of a list, each item on a line. */
function valueLines(label: string, value: unknown): readonly string[] {
  if (value === undefined) return [`  ${label} nothing`];
  if (!Array.isArray(value) || !value.every(isRecord) || value.length === 0) return [`  ${label} ${inline(value)}`];
  return value.map((item, index) => `  ${index === 0 ? label : ' '.repeat(label.length)} ${inline(item)}`);
}

function traceLines(trace: readonly TraceStep[], all: boolean): readonly string[] {
  if (trace.length === 0) return [];
  const passed = trace.filter(({ matched }) => !matched);
  const shown = all || passed.length <= MOST_PASSED + 1 ? passed : passed.slice(0, MOST_PASSED);
  const rest = passed.length - shown.length;
  return [
    'rules that were tried',
    ...shown.map((step) => `  no   ${stepText(step)}`),
    ...(rest > 0 ? [`  no   ${rest} more (--verbose shows them)`] : []),
    ...trace.filter(({ matched }) => matched).map((step) => `  yes  ${stepText(step)}`),
  ];
}

function stepText({ origins, label, because }: TraceStep): string {
  const places = origins.map(({ ref, index, name }) => `${describeRef(ref)}, rule ${index + 1}${name === undefined ? '' : ` “${name}”`}`);
  return `${places.length === 0 ? (label ?? 'no rule') : places.join(' and ')}: ${because}`;
}
