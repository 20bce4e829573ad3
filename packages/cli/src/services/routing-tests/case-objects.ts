import { dirname, isAbsolute, join } from 'node:path';
import { type ResourceKind, refKey, refOf } from '@heddle/core';
import { objectsIn } from '../files/objects.js';
import { readPath, type SourceText } from '../files/sources.js';
import type { SourcedObject } from '../files/types.js';
import type { LoadedCase } from './types.js';

/** Reads the objects that a case brings: inline ones count before those of its files. */
export type CaseObjects = (file: string, one: LoadedCase) => readonly SourcedObject[];

/** Files that several cases name are read once. Throws `file-unreadable`, `file-syntax`, `file-object`. */
export function createCaseObjects(kinds: readonly ResourceKind[], namespace: string): CaseObjects {
  const known = new Map<string, readonly SourcedObject[]>();
  const fromFile = (path: string) => {
    const objects = known.get(path) ?? objectsIn(readPath(path), namespace, kinds).objects;
    known.set(path, objects);
    return objects;
  };
  return (file, one) => {
    const files = one.test.files.map((path) => (isAbsolute(path) ? path : join(dirname(file), path)));
    const inline = objectsIn(inlineTexts(file, one), namespace, kinds).objects;
    return [...new Map([...files.flatMap(fromFile), ...inline].map((each) => [refKey(refOf(each.object)), each])).values()];
  };
}

/** A block of YAML begins on the line below its key, so that errors name lines of the case file. */
function inlineTexts(file: string, { test, lineOf }: LoadedCase): readonly SourceText[] {
  const { objects, path } = test;
  if (objects === undefined) return [];
  if (typeof objects === 'string')
    return [{ name: file, text: `${'\n'.repeat(lineOf([...path, 'objects']))}${objects}`, found: false, inCase: true }];
  return objects.map((object, index) => ({
    name: file,
    text: `${'\n'.repeat(lineOf([...path, 'objects', index]) - 1)}${JSON.stringify(object)}`,
    found: false,
  }));
}
