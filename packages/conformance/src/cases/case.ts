import type { Client, Feature, KubeObject, MeshEnvironment } from '@heddle/core';
import type { ObjectChange } from './change-spec.js';
import type { Step } from './step.js';

export const OTHER_NEEDS = ['cluster', 'render', 'adopt'] as const;
export type OtherNeed = (typeof OTHER_NEEDS)[number];

/** `core`: every adapter must pass; `extended`: what an adapter declares beyond that must work. */
export type Level = 'core' | 'extended';

/**
 * One conformance case: objects as users write them, and steps with what must come of each. Data, never a function. Files are YAML, one
 * case each (see `parseCase`).
 */
export interface Case {
  readonly id: string;
  /** Of the list of numbered cases (`numbers.yaml`), where it is one of these. */
  readonly number?: number;
  readonly level: Level;
  /** One sentence. */
  readonly title: string;
  /** Id of the adapter that the objects are for; absent: it speaks of no mesh's objects and runs in a world. */
  readonly mesh?: string;
  /** The situation that it plays in, where it is one of the kit's. */
  readonly world?: string;
  /** Why it cannot be run: what the environment says that this mesh has not, or what is missing. */
  readonly without?: string;
  /** Run once for each version in which the adapter's kinds can be written. */
  readonly everyVersion: boolean;
  /**
   * What the case needs: capabilities, and `cluster` for cases that run on a live API server's behaviour (conflicts, rights, crashes)
   * rather than on objects alone, and the members `render` and `adopt`, which an adapter may leave out. A case whose feature is missing
   * is skipped, and the report names the feature.
   */
  readonly features: readonly (Feature | OtherNeed)[];
  readonly environment: Partial<MeshEnvironment>;
  /** Where objects are that do not say so, and what `service` is short for. */
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
  /** Who calls, by the names that requests use. `mesh` is a pod with a sidecar and no labels unless it says otherwise. */
  readonly clients: Readonly<Record<string, Client>>;
  readonly objects: readonly KubeObject[];
  /** Those of the objects that the world brings: a mesh's objects of a user. */
  readonly worldObjects: readonly KubeObject[];
  /** What a colleague does to them, by name. */
  readonly mutations: Readonly<Record<string, readonly ObjectChange[]>>;
  readonly steps: readonly Step[];
}

export interface CaseResult {
  readonly id: string;
  readonly number?: number;
  readonly level: Level;
  readonly title: string;
  readonly outcome: 'pass' | 'fail' | 'skip';
  /** Of a skip: the capability that is missing. */
  readonly feature?: string;
  /** Of a skip for another reason: which. */
  readonly reason?: string;
  /** Of a failure: step by step, what was expected and what came. */
  readonly failures: readonly string[];
}

export interface CaseReport {
  readonly adapter: { readonly id: string; readonly title: string };
  readonly results: readonly CaseResult[];
}
