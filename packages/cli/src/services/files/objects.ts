import { basename } from 'node:path';
import { groupOf, isRecord, type KubeObject, type ResourceKind, refKey, refOf } from '@heddle/core';
import { cliError, cliInputError } from '../../errors/cli-error.js';
import { AS_KUBECTL, type Document, parseDocuments, RENDER } from './documents.js';
import { passedOverNotes, severalNotes } from './reading-notes.js';
import { CHART, type SourceText } from './sources.js';
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
  const passed: string[] = [];
  const found = new Map<string, SourcedObject>();
  const several = new Map<string, Place[]>();
  for (const text of texts) {
    for (const document of documentsOf(text, passed)) {
      for (const one of objectsOf({ document, path: [], value: document.value }, text.found, passed)) {
        const object = inNamespace(one.object, namespace, kinds);
        const { kind, name } = refOf(object);
        const key = refKey(refOf(object));
        const before = found.get(key);
        if (before !== undefined) several.set(key, [...(several.get(key) ?? [before.place]), one.place]);
        found.delete(key);
        found.set(name === '' ? `${kind}#${found.size}` : key, { ...one, object });
      }
    }
  }
  const named = [...several].map(([key, places]) => ({ name: nameOf(found.get(key)), places }));
  return { objects: [...found.values()], notes: [...passedOverNotes(passed), ...severalNotes(named)] };
}

const nameOf = (one: SourcedObject | undefined): string => `${one?.object.kind} ${one === undefined ? '' : refOf(one.object).name}`;

/** In a folder there are files that are not for Kubernetes. */
function documentsOf(text: SourceText, passed: string[]): readonly Document[] {
  try {
    return text.inCase === true ? parseDocuments(text) : parseDocuments(text, AS_KUBECTL);
  } catch (error) {
    if (!text.found || /^\s*(?:- )?["']?apiVersion["']?\s*:/m.test(text.text)) throw error;
    passed.push(`${text.name}: neither YAML nor JSON`);
    return [];
  }
}

/** A value of a document, which may be an object or a list of some. */
interface Part {
  readonly document: Document;
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

function objectsOf(part: Part, found: boolean, passed: string[]): readonly SourcedObject[] {
  const { document, path, value } = part;
  if (isRecord(value) && typeof value.kind === 'string' && value.kind.endsWith('List') && Array.isArray(value.items)) {
    return value.items.flatMap((item, index) => objectsOf({ document, path: [...path, 'items', index], value: item }, found, passed));
  }
  const place = placeIn(part);
  const wrong = whatIsMissing(value);
  if (wrong === undefined) {
    const object = value as KubeObject;
    const { name } = refOf(object);
    if (name.includes('{{')) throw cliError('file-syntax', `${placeText(place)}: metadata.name is to be filled in: ${name}`, [RENDER]);
    return [{ object, place, placeOf: placeOfPart(part) }];
  }
  if (found) {
    passed.push(`${placeText(place)}: ${nothingOf(value, place)}`);
    return [];
  }
  throw notAnObject(place, path, wrong);
}

/** What a folder holds beside objects: values, or what only a tool reads (a kustomization, an IstioOperator without a name). */
function nothingOf(value: unknown, { file }: Place): string {
  if (basename(file) === CHART) return 'a Helm chart, which makes objects only when it is rendered (helm template)';
  const kind = isRecord(value) && typeof value.apiVersion === 'string' && typeof value.kind === 'string' ? value.kind : undefined;
  return kind === undefined ? 'no Kubernetes object' : `${kind} without metadata.name`;
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
