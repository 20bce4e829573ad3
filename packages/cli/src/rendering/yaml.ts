import { isRecord, type KubeObject } from '@heddle/core';
import { dump } from 'js-yaml';

const SERVER_SET = ['managedFields', 'resourceVersion', 'uid', 'generation', 'creationTimestamp', 'selfLink'];
const APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * An object as YAML, without what the server sets and without a Secret's values. Keys in their order by name, as API servers give custom
 * resources back, so that an object before and after differ in what they say alone.
 */
export function objectYaml(object: KubeObject): string {
  return dump(JSON.parse(JSON.stringify(shownObject(object))), { noRefs: true, lineWidth: -1, sortKeys: true });
}

export function shownObject(object: KubeObject): KubeObject {
  const { status: _, ...shown } = object;
  const metadata = isRecord(shown.metadata) ? { ...shown.metadata } : undefined;
  if (metadata !== undefined) {
    for (const key of SERVER_SET) delete metadata[key];
    if (isRecord(metadata.annotations) && APPLIED in metadata.annotations) {
      const { [APPLIED]: __, ...annotations } = metadata.annotations;
      metadata.annotations = annotations;
    }
  }
  const withMeta = metadata === undefined ? shown : { ...shown, metadata };
  return shown.kind === 'Secret' ? withoutValues(withMeta) : withMeta;
}

function withoutValues(secret: KubeObject): KubeObject {
  const hide = (value: unknown) => (isRecord(value) ? Object.fromEntries(Object.keys(value).map((key) => [key, '<hidden>'])) : value);
  return {
    ...secret,
    ...('data' in secret ? { data: hide(secret.data) } : {}),
    ...('stringData' in secret ? { stringData: hide(secret.stringData) } : {}),
  };
}
