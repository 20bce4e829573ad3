import { isDeepStrictEqual } from 'node:util';
import { isRecord, type RecordedAnswer } from '@heddle/core';
import { load } from 'js-yaml';
import { type YamlNode, yamlTree } from '../../../config/yaml-tree.js';
import { type Edit, withKey } from './splice.js';

/** What is true of a request, to be written beside what its case says of it. */
export interface Finding {
  /** Of the request in its document. */
  readonly path: readonly (string | number)[];
  /** `undefined`: leave what is there. */
  readonly observed?: RecordedAnswer;
  readonly observedOlderEnvoy?: RecordedAnswer;
  /** Goes to `expect`: what a backend sees is no part of what `observed` is held to. */
  readonly seen?: { readonly path?: string; readonly authority?: string };
}

/**
 * A document with findings written into its requests; every other character of it stays. The parser says where things stand, and the
 * result is parsed again and compared with what it should say. `undefined` where that cannot be done.
 */
export function withFindings(text: string, findings: readonly Finding[]): string | undefined {
  try {
    const tree = yamlTree(text);
    const edits = findings.flatMap((finding) => {
      const request = tree === undefined ? undefined : nodeAt(tree, finding.path);
      if (request?.kind !== 'mapping') throw new Error('a request that stands elsewhere');
      return editsOf(text, request, finding);
    });
    const result = applied(text, edits);
    return isDeepStrictEqual(load(result), findings.reduce(said, load(text))) ? result : undefined;
  } catch {
    return undefined;
  }
}

function nodeAt(root: YamlNode, path: Finding['path']): YamlNode | undefined {
  let node: YamlNode | undefined = root;
  for (const key of path) {
    node = typeof key === 'number' ? node?.values[key] : node?.items.find((item) => item.key === key)?.value;
  }
  return node;
}

function editsOf(text: string, request: YamlNode, { observed, observedOlderEnvoy, seen }: Finding): readonly Edit[] {
  const expect = request.items.find(({ key }) => key === 'expect')?.value;
  return [
    ...(seen === undefined
      ? []
      : [expect === undefined ? withKey(text, request, 'expect', { seen }) : withKey(text, expect, 'seen', seen)]),
    ...(observed === undefined ? [] : [withKey(text, request, 'observed', observed)]),
    ...(observedOlderEnvoy === undefined ? [] : [withKey(text, request, 'observedOlderEnvoy', observedOlderEnvoy)]),
  ];
}

/** From the end, so that offsets hold; what is inserted at one place stays in its order. */
function applied(text: string, edits: readonly Edit[]): string {
  const inserts = new Map<string, Edit>();
  for (const edit of edits) {
    const key = `${edit.start} ${edit.end}`;
    const before = inserts.get(key);
    inserts.set(key, before === undefined ? edit : { ...edit, text: `${before.text}${edit.text}` });
  }
  return [...inserts.values()]
    .sort((a, b) => b.start - a.start)
    .reduce((result, { start, end, text: replacement }) => `${result.slice(0, start)}${replacement}${result.slice(end)}`, text);
}

/** What the document says with a finding in it. */
function said(document: unknown, { path, observed, observedOlderEnvoy, seen }: Finding): unknown {
  return changed(document, path, (request) => ({
    ...request,
    ...(seen === undefined ? {} : { expect: { ...(isRecord(request.expect) ? request.expect : {}), seen } }),
    ...(observed === undefined ? {} : { observed }),
    ...(observedOlderEnvoy === undefined ? {} : { observedOlderEnvoy }),
  }));
}

function changed(value: unknown, [key, ...rest]: Finding['path'], change: (request: Record<string, unknown>) => unknown): unknown {
  if (key === undefined) return isRecord(value) ? change(value) : value;
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? changed(item, rest, change) : item));
  return isRecord(value) ? { ...value, [key]: changed(value[key], rest, change) } : value;
}
