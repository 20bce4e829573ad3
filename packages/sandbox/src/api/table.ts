import type { KubeObject } from '@heddle/core';
import { dig } from '../dig.js';
import type { KindSpec } from '../store/index.js';

const UNITS = Object.entries({ d: 86_400_000, h: 3_600_000, m: 60_000 });
const AGE = 'metadata.creationTimestamp';

/** What `kubectl get` prints: the server's own rendering of objects as rows. `include` is the query's `includeObject`. */
export function tableOf(kind: KindSpec, objects: readonly KubeObject[], metadata: KubeObject, now: number, include: string | null) {
  const columns = [{ name: 'Name', path: 'metadata.name' }, ...kind.columns, { name: 'Age', path: AGE }];
  const cell = (object: KubeObject, path: string) => {
    const value = dig(object, path) ?? '';
    if (path === AGE) return age(now - Date.parse(String(value)));
    return typeof value === 'object' ? JSON.stringify(value) : value;
  };
  const rows = objects.map((object) => {
    const partial = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
    return { cells: columns.map(({ path }) => cell(object, path)), object: include === 'Object' ? object : partial };
  });
  const format = { type: 'string', format: '', description: '', priority: 0 };
  const columnDefinitions = columns.map(({ name }, index) => ({ name, ...format, ...(index === 0 ? { format: 'name' } : {}) }));
  return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, columnDefinitions, rows };
}

/** In the largest unit that there is at least two of. */
function age(ms: number): string {
  const [unit, size] = UNITS.find(([, length]) => ms >= 2 * length) ?? ['s', 1000];
  return `${Math.floor(ms / size)}${unit}`;
}
