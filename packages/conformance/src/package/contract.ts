import { isRecord } from '@heddle/core';
import { bad } from '../cases/shape.js';

const FUNCTIONS = ['detect', 'capabilities', 'reads', 'affects', 'versions', 'inMesh', 'decode', 'owned', 'shadow', 'encode', 'accepted'];
const LISTS = ['kinds', 'facts'];

/** Throws a usage error `bad-case` for the first member of `MeshAdapter` that is missing or of another type: path, expected, received. */
export function checkContract(adapter: Readonly<Record<string, unknown>>, path: string): void {
  for (const name of FUNCTIONS) {
    const member = adapter[name];
    if (typeof member !== 'function') throw bad(`${path}.${name}`, 'a function', member);
  }
  for (const name of LISTS) if (!Array.isArray(adapter[name])) throw bad(`${path}.${name}`, 'a list', adapter[name]);
  const kinds = adapter.kinds as readonly unknown[];
  kinds.forEach((kind, index) => {
    const verbs = isRecord(kind) ? kind.verbs : undefined;
    if (!Array.isArray(verbs)) throw bad(`${path}.kinds[${index}].verbs`, 'a list', verbs);
  });
  if (typeof adapter.title !== 'string' || adapter.title === '') throw bad(`${path}.title`, 'a text', adapter.title);
}
