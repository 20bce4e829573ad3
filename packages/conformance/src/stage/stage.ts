import type { Client, Feature, KubeObject, MeshEnvironment } from '@heddle/core';
import type { ObjectChange } from '../cases/change-spec.js';
import type { RequestSpec } from '../cases/request-spec.js';

/** A situation that the kit's cases play in, in words and requests; an adapter's package says what brings it about on its mesh. */
export interface WorldDefinition {
  readonly name: string;
  readonly title: string;
  /** It may be left out, with a reason. */
  readonly optional: boolean;
  /** It is only needed of adapters that declare this. */
  readonly feature?: Feature;
  /** What is so before heddle does anything. */
  readonly says: readonly RequestSpec[];
  /** What its objects must hold, for a world that is about their form: `labels`, `annotations`, or the beginning of a field's name. */
  readonly holds: readonly string[];
  readonly mutations: Readonly<
    Record<string, { readonly title: string; readonly optional: boolean; readonly says: readonly RequestSpec[] }>
  >;
}

/** A world as an adapter's package realises it. */
export interface World {
  readonly name: string;
  readonly objects: readonly KubeObject[];
  readonly mutations: Readonly<Record<string, readonly ObjectChange[]>>;
}

/** A mesh to run cases on: what one folder with an `environment.yaml` describes. */
export interface Stage {
  /** The folder's name; `default` for the one at the top. */
  readonly name: string;
  readonly title: string;
  readonly environment: MeshEnvironment;
  /** Who calls. */
  readonly client: Client;
  /** The shop with what the mesh adds to it, and what the environment has in every world. */
  readonly objects: readonly KubeObject[];
  readonly worlds: ReadonlyMap<string, World>;
  /** Why worlds or mutations are not there. */
  readonly without: Readonly<Record<string, string>>;
  /** Folder of the adapter's own cases for it, if there is one. */
  readonly cases?: string;
}

export const DEFAULT_STAGE = 'default';
