import { contentHash, type KubeObject, type MeshEnvironment, metaOf, type ObjectEdit } from '@heddle/core';
import type { Raw } from '../decode/raw.js';
import { isEmptied } from './own-object.js';
import { httpOf, withHttp, writtenRef } from './virtual-service.js';

/** The edit that brings an object's rules to `http`; none when they are so already. Written rules are versions' users: stage `rules`. */
export function editTo(object: KubeObject, http: readonly Raw[], why: string, env: MeshEnvironment): readonly ObjectEdit[] {
  const ref = writtenRef(object, env);
  const { uid, resourceVersion } = metaOf(object);
  if (isEmptied(object, http)) {
    return [
      { ref, stage: 'rules', op: 'delete', uid: uid ?? '', resourceVersion: resourceVersion ?? '', why: `${why}: no rule is left in it` },
    ];
  }
  if (contentHash(httpOf(object)) === contentHash(http)) return [];
  const body = { ...withHttp(object, http), apiVersion: ref.apiVersion };
  return [{ ref, stage: 'rules', op: 'replace', body, uid: uid ?? '', resourceVersion: resourceVersion ?? '', why }];
}

export function creation(body: KubeObject, why: string, env: MeshEnvironment): ObjectEdit {
  return { ref: writtenRef(body, env), stage: 'rules', op: 'create', body, why };
}
