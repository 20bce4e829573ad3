import type { CaseFile, CaseReport } from '../types.js';
import { type Finding, withFindings } from './edits.js';

/** A case file's text with all that its cases recorded; `undefined` where it cannot be written. */
export function rewritten({ text, cases: loaded }: CaseFile, cases: readonly CaseReport[]): string | undefined {
  const byOffset = new Map<number, { readonly body: string; readonly findings: Finding[] }>();
  for (const { test, requests } of cases) {
    const source = loaded.find((one) => one.test === test)?.source;
    if (source === undefined) continue;
    const document = byOffset.get(source.offset) ?? { body: source.text, findings: [] };
    byOffset.set(source.offset, document);
    for (const { finding, number } of requests) {
      if (finding !== undefined) document.findings.push({ ...finding, path: [...test.path, 'requests', number - 1] });
    }
  }
  let result = text;
  // From the end, so that offsets hold.
  for (const [offset, { body, findings }] of [...byOffset].sort(([a], [b]) => b - a)) {
    const changed = findings.length === 0 ? body : withFindings(body, findings);
    if (changed === undefined) return undefined;
    result = `${result.slice(0, offset)}${changed}${result.slice(offset + body.length)}`;
  }
  return result;
}
