/** RFC 6901 pointers of everything in a value that could be left out, the larger parts first. */
export function removable(value: unknown, pointer = '', depth = 0): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const parts = Array.isArray(value) ? value.map((item, index) => [String(index), item] as const) : Object.entries(value);
  const own = parts.map(([key, item]) => ({ at: `${pointer}/${escaped(key)}`, item }));
  return [...own.map(({ at }) => at), ...own.flatMap(({ at, item }) => removable(item, at, depth + 1))];
}

/** The same value without the parts that pointers name. */
export function pruned(value: unknown, removed: ReadonlySet<string>, pointer = ''): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const kept = <T>(parts: readonly (readonly [string, T])[]) =>
    parts
      .map(([key, item]) => [key, item, `${pointer}/${escaped(key)}`] as const)
      .filter(([, , at]) => !removed.has(at))
      .map(([key, item, at]) => [key, pruned(item, removed, at)] as const);
  if (Array.isArray(value)) return kept(value.map((item, index) => [String(index), item] as const)).map(([, item]) => item);
  return Object.fromEntries(kept(Object.entries(value)));
}

const escaped = (key: string): string => key.replace(/~/g, '~0').replace(/\//g, '~1');
