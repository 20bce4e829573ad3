import { isRecord } from '@heddle/core';
import { load } from 'js-yaml';
import type { Difference } from './difference.ts';

/** A difference with the request and the way that ours took, for a person to read. */
export function showDifference(text: string, { request, says, envoy, answer }: Difference): string {
  const raw = load(text);
  const requests = isRecord(raw) && Array.isArray(raw.requests) ? raw.requests.filter(isRecord) : [];
  const asked = requests[request];
  const lines = [`  ${envoy === 'older' ? '(older Envoy) ' : ''}${says}`];
  if (asked !== undefined) {
    const recorded = isRecord(asked.observed) ? asked.observed : {};
    lines.unshift(`  request ${request}: ${String(asked.method)} ${String(asked.url)} ${JSON.stringify(asked.headers ?? [])}`);
    lines.push(
      `    observed route ${String(recorded.route ?? '-')}, status ${String(recorded.status ?? '-')}; ours ${answer?.route ?? '-'}`,
    );
  }
  for (const { label, matched, because } of answer?.trace ?? []) lines.push(`    ${matched ? '=>' : '  '} ${label ?? '-'}: ${because}`);
  for (const note of answer?.notes ?? []) lines.push(`    note: ${note}`);
  return lines.join('\n');
}
