import type { Labels } from '@heddle/core';
import type { Raw } from '../../decode/raw.js';
import { DISPLAY_NAME_LABEL, NAMESPACE_TAG } from '../../decode/tags.js';
import { modeOf } from '../../decode/world.js';
import type { World } from '../../decode/world-types.js';
import { serviceTag } from '../../owned/ownership.js';
import type { Backend } from '../destinations.js';

/**
 * How rules name what they send to: by the value of the tag `kuma.io/service`; by the MeshService's name where nothing else is dialled; by its
 * labels from 3.0 on, which knows no other way (kuma `UPGRADE.md`, 3.0).
 */
export function backendRef(world: World, mesh: string, { service, port, tags, weight }: Backend, alone: boolean): Raw {
  const share = alone ? {} : { weight };
  const { namespace, name } = service;
  const tag = serviceTag({ namespace, name, port });
  if (tags !== undefined) return { kind: 'MeshServiceSubset', name: tag, tags, ...share };
  if (world.release.major >= 3) return { kind: 'MeshService', labels: labelsOf(service), port, ...share };
  if (modeOf(world, mesh) === 'Exclusive') return { kind: 'MeshService', name, namespace, port, ...share };
  return { kind: 'MeshService', name: tag, ...share };
}

/** A mirror's destination is found by its tag up to 2.x, whatever else is dialled (kuma `meshhttproute/plugin/v1alpha1/listeners.go`, 2.14). */
export function mirrorRef(world: World, { service, port, tags }: Backend): Raw {
  if (world.release.major >= 3) return { kind: 'MeshService', labels: labelsOf(service), port };
  const name = serviceTag({ namespace: service.namespace, name: service.name, port });
  return tags === undefined ? { kind: 'MeshService', name } : { kind: 'MeshServiceSubset', name, tags };
}

const labelsOf = ({ namespace, name }: Backend['service']): Labels => ({ [DISPLAY_NAME_LABEL]: name, [NAMESPACE_TAG]: namespace });
