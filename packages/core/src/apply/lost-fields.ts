import { isRecord, type KubeObject } from '../model/object.js';

/** Where a value that was written is missing or another in what the server keeps. */
export interface LostField {
  /** RFC 6901 pointer. */
  readonly pointer: string;
  readonly sent: unknown;
  /** `undefined`: removed. */
  readonly kept: unknown;
}

/** Metadata that the server owns; the rest of it is ours to write. */
const OWN_METADATA = ['labels', 'annotations', 'ownerReferences', 'finalizers', 'name', 'namespace'];

/**
 * What of a written object did not survive: pruned or changed by the API server or a webhook. What the server adds (defaults, its own
 * metadata) is no loss; `status` belongs to controllers.
 */
export function lostFields(sent: KubeObject, kept: KubeObject): readonly LostField[] {
  const { metadata, status: _status, ...content } = sent;
  const ours = Object.fromEntries(Object.entries(isRecord(metadata) ? metadata : {}).filter(([key]) => OWN_METADATA.includes(key)));
  return missing({ ...content, metadata: ours }, { ...kept, metadata: aligned(ours, isRecord(kept.metadata) ? kept.metadata : {}) }, '');
}

/**
 * Owner references are a map by uid and finalizers a set (ObjectMeta, Kubernetes API): controllers add theirs, and neither that nor the
 * order is a loss. So what was sent is compared with its own counterpart alone.
 */
function aligned(sent: Readonly<Record<string, unknown>>, kept: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const matching = (field: string, keyOf: (item: unknown) => unknown) => {
    const [ours, theirs] = [sent[field], kept[field]];
    if (!Array.isArray(ours) || !Array.isArray(theirs)) return {};
    const found = ours.map((item) => theirs.find((other) => keyOf(other) === keyOf(item)));
    return found.includes(undefined) ? {} : { [field]: found };
  };
  return {
    ...kept,
    ...matching('ownerReferences', (item) => (isRecord(item) ? item.uid : undefined)),
    ...matching('finalizers', (item) => item),
  };
}

function missing(sent: unknown, kept: unknown, pointer: string): readonly LostField[] {
  if (isRecord(sent) && isRecord(kept)) {
    return Object.entries(sent).flatMap(([key, value]) =>
      value === undefined ? [] : missing(value, kept[key], `${pointer}/${escaped(key)}`),
    );
  }
  if (Array.isArray(sent) && Array.isArray(kept) && sent.length === kept.length) {
    return sent.flatMap((value, index) => missing(value, kept[index], `${pointer}/${index}`));
  }
  // An empty map or list, or null, may be stored as nothing.
  const nothing = sent === null || (isRecord(sent) && Object.keys(sent).length === 0) || (Array.isArray(sent) && sent.length === 0);
  if (Object.is(sent, kept) || (nothing && kept === undefined)) return [];
  return [{ pointer, sent, kept }];
}

const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');
