import type { KubeObject, ObjectRef, Problem } from '@heddle/core';

/** Where an object stands: file (or `stdin`), its document in it and the line that this begins at, both from 1. */
export interface Place {
  readonly file: string;
  readonly document: number;
  readonly line: number;
}

export interface SourcedObject {
  readonly object: KubeObject;
  readonly place: Place;
}

/** What was read from files, as commands report on it. */
export interface FileSource {
  readonly objects: readonly SourcedObject[];
  /** What had to be assumed, and what was left out, in sentences. */
  readonly notes: readonly string[];
  /** Objects that a cluster would not take; they are not in the connection's cluster. */
  readonly refused: readonly Problem[];
  placeOf(ref: ObjectRef): Place | undefined;
}

/** `mesh/reviews.yaml:12` */
export const placeText = ({ file, line }: Place): string => `${file}:${line}`;
