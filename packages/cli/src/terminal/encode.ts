import { dump } from 'js-yaml';

/** JSON with two spaces and a final newline, or YAML without anchors. */
export function encode(value: unknown, format: 'json' | 'yaml'): string {
  if (format === 'json') return `${JSON.stringify(value, undefined, 2)}\n`;
  // A round trip drops `undefined`, which YAML has no word for.
  return dump(JSON.parse(JSON.stringify(value)), { noRefs: true, lineWidth: -1 });
}

/** One of several documents: a line of JSON, or a YAML document with its separator. */
export function encodeLine(value: unknown, format: 'json' | 'yaml'): string {
  return format === 'json' ? `${JSON.stringify(value)}\n` : `---\n${encode(value, 'yaml')}`;
}
