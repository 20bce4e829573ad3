import { EVENT_ID, type Event, getScalarValue, parseEvents } from 'js-yaml';

export type Path = readonly (string | number)[];

/** `clusters.staging.mesh`, `tolerations[0]`; the root is the empty string. */
export function pathText(path: Path): string {
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${key}`)).join('');
}

interface Open {
  readonly path: Path;
  readonly kind: 'mapping' | 'sequence';
  key: string | undefined;
  index: number;
}

/** The line (from 1) on which each value of a YAML document begins, by `pathText`; a mapping's value stands on its key's line. */
export function linesOf(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const stack: Open[] = [];
  // Values come in the order in which they stand.
  let [line, counted] = [1, 0];
  const note = (path: Path, offset: number) => {
    for (; counted < offset; counted += 1) if (text[counted] === '\n') line += 1;
    const key = pathText(path);
    if (!lines.has(key)) lines.set(key, line);
  };
  for (const event of parseEvents(text, {})) {
    if (event.type === EVENT_ID.POP) {
      stack.pop();
      continue;
    }
    if (event.type === EVENT_ID.DOCUMENT) continue;
    const parent = stack.at(-1);
    const offset = offsetOf(event);
    if (parent?.kind === 'mapping' && parent.key === undefined) {
      parent.key = event.type === EVENT_ID.SCALAR ? getScalarValue(text, event) : '';
      note([...parent.path, parent.key], offset);
      continue;
    }
    const path = parent === undefined ? [] : [...parent.path, parent.kind === 'mapping' ? (parent.key ?? '') : parent.index];
    note(path, offset);
    if (parent !== undefined) {
      parent.key = undefined;
      parent.index += 1;
    }
    if (event.type === EVENT_ID.MAPPING) stack.push({ path, kind: 'mapping', key: undefined, index: 0 });
    if (event.type === EVENT_ID.SEQUENCE) stack.push({ path, kind: 'sequence', key: undefined, index: 0 });
  }
  return lines;
}

function offsetOf(event: Event): number {
  if (event.type === EVENT_ID.SCALAR) return Math.max(event.valueStart, 0);
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart;
  return 'start' in event ? event.start : 0;
}
