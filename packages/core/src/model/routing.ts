import type { KubeObject, Labels } from './object.js';
import type { RouteTable, Rule } from './table.js';

/** A Service that is routed, and what becomes of requests to it: one table for each port and each set of callers in the mesh. */
export interface RoutedService {
  readonly namespace: string;
  readonly name: string;
  /** The labels that pick its Pods, where they are known. */
  readonly selector?: Labels;
  readonly ports: readonly { readonly port: number; readonly name?: string; readonly appProtocol?: string }[];
  /**
   * As `decode` makes them. A destination with `labels` is a version of its host's Service; one with `versionOf` is a Service that is a
   * version of another.
   */
  readonly tables: readonly RouteTable[];
}

/** The routing of some Services as no mesh says it: what `render` makes a mesh's objects of. */
export interface Routing {
  readonly services: readonly RoutedService[];
  /** The Kubernetes objects around it (Services, Pods, Namespaces), where they are known. */
  readonly objects: readonly KubeObject[];
}

/**
 * Something of a routing that the rendered objects do not say. It concerns requests that the rule decides today (without a rule: those
 * that no rule of the table decides; without a table: all of the service) and no others: what cannot be said is narrowed or left out,
 * never widened.
 */
export interface RenderLoss {
  /** A feature's name (`mirror`, `match.query`), or a code in kebab case. */
  readonly code: string;
  /** One sentence: what cannot be said, and what becomes of it. */
  readonly message: string;
  /** What to do about it, one sentence. */
  readonly instead?: string;
  readonly service: { readonly namespace: string; readonly name: string };
  /** The very table and rule that `render` was given. */
  readonly table?: RouteTable;
  readonly rule?: Rule;
}

/** Objects that say what a routing says, as people write them: nothing in them names heddle. */
export interface Rendered {
  /** In the order in which they are safely applied: versions before the rules that name them. */
  readonly objects: readonly KubeObject[];
  /** How many of them, from the first, have to be there before any of the others is; absent: none. */
  readonly foundations?: number;
  readonly losses: readonly RenderLoss[];
  /** What has been assumed, or is needed besides: one sentence each. */
  readonly notes: readonly string[];
}
