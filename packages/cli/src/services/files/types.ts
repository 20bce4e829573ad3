import type { KubeObject, ObjectRef, Problem } from '@heddle/core';

/** Where an object stands: file (or `stdin`), its document in it and the line that it begins at, both from 1. */
export interface Place {
  readonly file: string;
  readonly document: number;
  readonly line: number;
}

export interface SourcedObject {
  readonly object: KubeObject;
  readonly place: Place;
  /** The place of a part of it, by RFC 6901 JSON pointer; the object's own where there is no such part. */
  readonly placeOf?: (pointer: string) => Place;
}

/** What was read from files, as commands report on it. */
export interface FileSource {
  readonly objects: readonly SourcedObject[];
  /** What had to be assumed, and what was left out, in sentences. */
  readonly notes: readonly string[];
  /** Objects that a cluster would not take; they are not in the connection's cluster. */
  readonly refused: readonly Problem[];
  /** The objects that `refused` is about. */
  readonly leftOut: readonly KubeObject[];
  /** `undefined` for an object that no file holds: one that was assumed. With a pointer: where that part of it stands. */
  placeOf(ref: ObjectRef, pointer?: string): Place | undefined;
}

/** What a command wants filled in of a world that files show in part. */
export interface Assume {
  /** The port that is asked for, of Services that no file holds. */
  readonly port?: number;
  /** Whether proxies of gateways count: they are not part of an application, so files rarely show them. */
  readonly gateways?: boolean;
}

/** `mesh/reviews.yaml:12` */
export const placeText = ({ file, line }: Place): string => `${file}:${line}`;
