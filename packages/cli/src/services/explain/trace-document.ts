import { type Answer, describeRef } from '@heddle/core';

/** The rules that were tried, as JSON shows them: object, index of the rule, and the first condition that failed. */
export function traceDocument(trace: Answer['trace']) {
  return trace.map(({ origins: [first], label, matched, because }) => ({
    object: first === undefined ? (label ?? 'the proxy') : describeRef(first.ref),
    rule: first?.index ?? null,
    ...(first?.name === undefined ? {} : { name: first.name }),
    matched,
    because,
  }));
}
