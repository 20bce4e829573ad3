import { describeRef, type ObjectRef } from '@heddle/core';
import { type FileSource, placeText } from './types.js';

/** What to say of files beside an answer: what was assumed and passed over, and which objects no cluster would take. */
export function fileNotes(files: FileSource | undefined): readonly string[] {
  if (files === undefined) return [];
  const refused = files.refused.map(({ message, ref, pointer }) => {
    const named = ref === undefined || message.includes(ref.name) ? '' : `${describeRef(ref)}: `;
    return `${placePrefix(files, ref, pointer)}${named}${message}; no cluster would take it, so it is left out.`;
  });
  return [...refused, ...files.notes];
}

/** `mesh/reviews.yaml:12: `, or nothing for what stands in no file. */
export function placePrefix(files: Pick<FileSource, 'placeOf'> | undefined, ref: ObjectRef | undefined, pointer?: string): string {
  const place = ref === undefined ? undefined : files?.placeOf(ref, pointer);
  return place === undefined ? '' : `${placeText(place)}: `;
}
