import { type Finding, finding, isRecord, type KubeObject, type ObjectRef, pointerTo } from '@heddle/core';
import { indexed, type Raw, record } from '../decode/raw.js';

/** A tag of a TrafficRoute with backslashes, as a Markdown editor puts them before underscores. `pointer`: RFC 6901. */
export interface BackslashTag {
  readonly pointer: string;
  readonly key: string;
  readonly value: string;
}

export function backslashTags(object: KubeObject): readonly BackslashTag[] {
  return tagMaps(record(object.spec)).flatMap(({ pointer, tags }) =>
    Object.entries(tags)
      .filter(([key, value]) => hasBackslash(key) || hasBackslash(value))
      .map(([key, value]) => ({ pointer: pointerTo(pointer, key), key, value: String(value) })),
  );
}

/** No tag can have one (kuma `pkg/core/resources/apis/mesh/validators.go`, `tagNameCharacterSet`, `selectorCharacterSet`, 2.14). */
export function backslashFinding(ref: ObjectRef, { pointer, key, value }: BackslashTag): Finding {
  const text = `the tag ${key}: ${value} has backslashes, as a Markdown editor puts them, which no tag can have`;
  return finding('error', 'tag-backslash', ref, text, { pointer, fix: `write ${plain(`${key}: ${value}`)}` });
}

/** A TrafficRoute as it would be without them. */
export function withoutBackslashes(object: KubeObject): KubeObject {
  if (backslashTags(object).length === 0) return object;
  const plainTags = (tags: unknown): unknown =>
    isRecord(tags)
      ? Object.fromEntries(Object.entries(tags).map(([key, value]) => [plain(key), typeof value === 'string' ? plain(value) : value]))
      : tags;
  const items = (list: unknown, change: (item: Raw) => Raw): unknown =>
    Array.isArray(list) ? list.map((item: unknown) => (isRecord(item) ? change(item) : item)) : list;
  const selectors = (list: unknown) => items(list, (item) => ({ ...item, match: plainTags(item.match) }));
  const conf = (raw: Raw): Raw => ({
    ...raw,
    ...('destination' in raw ? { destination: plainTags(raw.destination) } : {}),
    ...('split' in raw ? { split: items(raw.split, (item) => ({ ...item, destination: plainTags(item.destination) })) } : {}),
    ...('http' in raw ? { http: items(raw.http, conf) } : {}),
  });
  const spec = record(object.spec);
  return {
    ...object,
    spec: {
      ...spec,
      sources: selectors(spec.sources),
      destinations: selectors(spec.destinations),
      ...(isRecord(spec.conf) ? { conf: conf(spec.conf) } : {}),
    },
  };
}

const hasBackslash = (value: unknown): boolean => typeof value === 'string' && value.includes('\\');

const plain = (text: string): string => text.replaceAll('\\', '');

/** Every map of tags in a TrafficRoute, with where it stands. */
function tagMaps(spec: Raw): readonly { readonly pointer: string; readonly tags: Raw }[] {
  const conf = record(spec.conf);
  const at = (pointer: string, value: unknown) => ({ pointer, tags: record(value) });
  const inConf = (raw: Raw, pointer: string) => [
    at(`${pointer}/destination`, raw.destination),
    ...indexed(raw.split).map(([n, item]) => at(`${pointer}/split/${n}/destination`, item.destination)),
  ];
  return [
    ...(['sources', 'destinations'] as const).flatMap((key) =>
      indexed(spec[key]).map(([n, item]) => at(`/spec/${key}/${n}/match`, item.match)),
    ),
    ...inConf(conf, '/spec/conf'),
    ...indexed(conf.http).flatMap(([n, item]) => inConf(item, `/spec/conf/http/${n}`)),
  ];
}
