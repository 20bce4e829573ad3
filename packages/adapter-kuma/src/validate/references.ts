import { type FieldFault, fieldFault } from '@heddle/core';
import { maybeText, type Raw, record, text } from '../decode/raw.js';

export const DESTINATIONS = ['MeshService', 'MeshExternalService', 'MeshMultiZoneService'];

/** What a reference of a kind must not say (kuma `pkg/core/resources/apis/mesh/validators.go`, `ValidateTargetRef`, 2.14). */
const NOT_WITH: Readonly<Record<string, readonly string[]>> = {
  Mesh: ['name', 'mesh', 'tags', 'labels', 'namespace', 'sectionName'],
  Dataplane: ['tags', 'mesh', 'proxyTypes'],
  MeshSubset: ['name', 'mesh', 'labels', 'namespace', 'sectionName'],
  MeshService: ['mesh', 'tags', 'proxyTypes'],
  MeshServiceSubset: ['mesh', 'proxyTypes', 'labels', 'namespace', 'sectionName'],
  MeshGateway: ['mesh', 'proxyTypes', 'labels', 'namespace', 'sectionName'],
  MeshExternalService: ['mesh', 'tags', 'proxyTypes', 'sectionName'],
};
const BY_NAME = ['MeshService', 'MeshExternalService', 'MeshServiceSubset', 'MeshGateway'];
/** Stands for a service that the Gateway API names and that is not there. */
const UNRESOLVED = 'kuma.io/unresolved-backend';

/** Why a targetRef or backendRef would not be taken. */
export function refFaults(ref: Raw, kinds: readonly string[], pointer: string, major: number): readonly FieldFault[] {
  const kind = text(ref.kind);
  if (!kinds.includes(kind))
    return [fieldFault(`${pointer}/kind`, `${kind === '' ? 'there must be one' : `${kind} is not supported`} (${kinds.join(', ')})`)];
  const labels = Object.keys(record(ref.labels)).length > 0;
  const name = maybeText(ref.name) !== undefined;
  const named = kind === 'MeshService' || kind === 'MeshExternalService';
  return [
    ...(NOT_WITH[kind] ?? []).flatMap((field) => (isSet(ref[field]) ? [fieldFault(`${pointer}/${field}`, `not with kind ${kind}`)] : [])),
    ...(labels && (name || maybeText(ref.namespace) !== undefined) && (named || kind === 'Dataplane')
      ? [fieldFault(pointer, 'there must be either labels or a name, not both')]
      : []),
    ...(named && !labels && !name ? [fieldFault(pointer, 'there must be a name or labels')] : []),
    ...(DESTINATIONS.includes(kind) && major >= 3 && name ? [fieldFault(`${pointer}/name`, 'Kuma 3 selects by labels only')] : []),
    ...((kind === 'MeshServiceSubset' || kind === 'MeshGateway') && !name ? [fieldFault(`${pointer}/name`, 'there must be one')] : []),
    ...(BY_NAME.includes(kind) && !/^[0-9a-z.\-_]*$/.test(text(ref.name)) && ref.name !== UNRESOLVED
      ? [fieldFault(`${pointer}/name`, `${text(ref.name)} holds characters that no name has`)]
      : []),
    ...tagFaults(record(ref.tags), kind, `${pointer}/tags`),
    ...proxyTypeFaults(ref.proxyTypes, `${pointer}/proxyTypes`),
  ];
}

/** Tags of a MeshSubset are values; elsewhere they are patterns, so that `*` is one. */
function tagFaults(tags: Raw, kind: string, pointer: string): readonly FieldFault[] {
  const value = kind === 'MeshSubset' ? /^[\w.\-:]+$/ : /^([\w.\-:/]+|\*)$/;
  return Object.entries(tags).flatMap(([key, of]) =>
    /^[\w.\-:/]+$/.test(key) && value.test(text(of)) ? [] : [fieldFault(pointer, `${key}: ${text(of)} is no tag`)],
  );
}

function proxyTypeFaults(types: unknown, pointer: string): readonly FieldFault[] {
  if (!Array.isArray(types)) return [];
  const known = types.every((type) => type === 'Sidecar' || type === 'Gateway');
  return known && types.length > 0 ? [] : [fieldFault(pointer, 'there must be Sidecar, Gateway or both')];
}

function isSet(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return typeof value === 'string' && value !== '';
}
