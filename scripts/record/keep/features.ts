import { isRecord } from '@heddle/core';
import { load, loadAll } from 'js-yaml';

/** What a case shows: which fields its mesh objects use, and what became of its requests. Values do not count. */
export function featuresOf(text: string): ReadonlySet<string> {
  const raw = load(text);
  const found = new Set<string>();
  if (!isRecord(raw) || typeof raw.objects !== 'string') return found;
  for (const object of loadAll(raw.objects).filter(isRecord)) {
    if (object.kind !== 'Pod') fields(object.spec, String(object.kind), found);
  }
  for (const request of (Array.isArray(raw.requests) ? raw.requests : []).filter(isRecord)) {
    const answer = isRecord(request.observed) ? request.observed : {};
    found.add(`status ${String(answer.status)}`);
    for (const key of Object.keys(answer)) found.add(`answer ${key}`);
    for (const one of (Array.isArray(answer.outcomes) ? answer.outcomes : []).filter(isRecord)) found.add(`reason ${String(one.reason)}`);
  }
  return found;
}

/** Names that users choose are no features. */
const FREE = new Set(['headers', 'withoutHeaders', 'queryParams', 'labels', 'sourceLabels', 'matchLabels', 'selector', 'set', 'add']);

function fields(value: unknown, path: string, found: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) fields(item, path, found);
  if (!isRecord(value)) return;
  const free = FREE.has(path.split('.').at(-1) ?? '');
  for (const [key, item] of Object.entries(value)) {
    const inner = free ? `${path}.*` : `${path}.${key}`;
    found.add(inner);
    fields(item, inner, found);
  }
}

/** So many texts, each chosen for the features that it adds to those already shown. */
export function spread(texts: readonly string[], shown: ReadonlySet<string>, count: number): readonly string[] {
  const seen = new Set(shown);
  let left = texts.map((text) => ({ text, features: featuresOf(text) }));
  const chosen: string[] = [];
  while (chosen.length < count && left.length > 0) {
    const scored = left.map((one) => ({ ...one, adds: [...one.features].filter((feature) => !seen.has(feature)).length }));
    const best = scored.reduce((a, b) => (b.adds > a.adds || (b.adds === a.adds && b.text.length < a.text.length) ? b : a));
    if (best.adds === 0) break;
    chosen.push(best.text);
    for (const feature of best.features) seen.add(feature);
    left = left.filter(({ text }) => text !== best.text);
  }
  return chosen;
}
