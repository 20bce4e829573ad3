import { groupOf, isRecord, type KubeObject, type ResourceKind, refKey, refOf } from '@heddle/core';
import { cliInputError } from '../../errors/cli-error.js';
import { type Document, parseDocuments } from './documents.js';
import type { SourceText } from './sources.js';
import { type Place, placeText, type SourcedObject } from './types.js';

/** Cluster-scoped kinds of Kubernetes that a folder of objects often holds; those of meshes come from the adapters. */
const CLUSTER_SCOPED = new Set(['Namespace', 'Node', 'PersistentVolume', 'ClusterRole', 'ClusterRoleBinding', 'CustomResourceDefinition']);

/**
 * The Kubernetes objects of texts, lists taken apart and namespaces filled in; of two of one name the later counts, with a note.
 * Throws `file-syntax`, and `file-object` for what is none in a file that was named.
 */
export function objectsIn(
  texts: readonly SourceText[],
  namespace: string,
  kinds: readonly ResourceKind[],
): { readonly objects: readonly SourcedObject[]; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const found = new Map<string, SourcedObject>();
  for (const text of texts) {
    for (const document of parseDocuments(text)) {
      for (const one of objectsOf({ document, path: [], value: document.value }, text.found, notes)) {
        const object = inNamespace(one.object, namespace, kinds);
        const key = refKey(refOf(object));
        const before = found.get(key);
        if (before !== undefined && refOf(object).name !== '') {
          const both =
            before.place.file === one.place.file
              ? `${placeText(before.place)} and line ${one.place.line}`
              : `${placeText(before.place)} and ${placeText(one.place)}`;
          notes.push(`${both} both hold ${one.object.kind} ${refOf(object).name}; the last counts.`);
        }
        found.delete(key);
        found.set(refOf(object).name === '' ? `${key}#${found.size}` : key, { ...one, object });
      }
    }
  }
  return { objects: [...found.values()], notes };
}

/** A value of a document, which may be an object or a list of some. */
interface Part {
  readonly document: Document;
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

function objectsOf(part: Part, found: boolean, notes: string[]): readonly SourcedObject[] {
  const { document, path, value } = part;
  if (isRecord(value) && typeof value.kind === 'string' && value.kind.endsWith('List') && Array.isArray(value.items)) {
    return value.items.flatMap((item, index) => objectsOf({ document, path: [...path, 'items', index], value: item }, found, notes));
  }
  const place = placeIn(part);
  const wrong = whatIsMissing(value);
  if (wrong === undefined) return [{ object: value as KubeObject, place, placeOf: placeOfPart(part) }];
  if (found && !(isRecord(value) && typeof value.apiVersion === 'string' && isRecord(value.metadata))) {
    notes.push(`${placeText(place)}: no Kubernetes object, passed over.`);
    return [];
  }
  throw notAnObject(place, path, wrong);
}

function placeIn({ document, path }: Part): Place {
  return path.length === 0 ? document.place : { ...document.place, line: document.lineOf(path) };
}

function placeOfPart({ document, path }: Part): (pointer: string) => Place {
  return (pointer) => {
    const keys = pointer
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
      .map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    return { ...document.place, line: document.lineOf([...path, ...keys]) };
  };
}

function whatIsMissing(value: unknown): { readonly expected: string; readonly received: string } | undefined {
  if (!isRecord(value)) return { expected: 'a Kubernetes object', received: Array.isArray(value) ? 'a list' : shown(value) };
  for (const key of ['apiVersion', 'kind'] as const) {
    if (typeof value[key] !== 'string') return { expected: `a Kubernetes object with ${key}`, received: shown(value[key]) };
  }
  const name = isRecord(value.metadata) ? value.metadata.name : undefined;
  if (typeof name === 'string' && name !== '') return undefined;
  if (isRecord(value.metadata) && typeof value.metadata.generateName === 'string') return undefined;
  return { expected: 'metadata.name, a text', received: shown(name) };
}

function shown(value: unknown): string {
  const text = value === undefined ? 'none' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function notAnObject(place: Place, path: Part['path'], at: { readonly expected: string; readonly received: string }) {
  const item = path.length === 0 ? '' : `, item ${Number(path.at(-1)) + 1}`;
  return cliInputError('file-object', { path: `${placeText(place)} (document ${place.document}${item})`, ...at }, [
    'Give files of Kubernetes objects, as kubectl apply -f takes them.',
  ]);
}

function inNamespace(object: KubeObject, namespace: string, kinds: readonly ResourceKind[]): KubeObject {
  const { apiVersion, kind, namespace: own } = refOf(object);
  const known = kinds.find((one) => one.kind === kind && one.group === groupOf(apiVersion));
  const scoped = known === undefined ? !CLUSTER_SCOPED.has(kind) : known.namespaced;
  const metadata = isRecord(object.metadata) ? object.metadata : {};
  if (scoped) return own === undefined ? { ...object, metadata: { ...metadata, namespace } } : object;
  return object;
}
