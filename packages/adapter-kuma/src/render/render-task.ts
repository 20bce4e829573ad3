import type { KubeObject, RoutedService } from '@heddle/core';
import type { Losses } from './losses.js';
import type { Surroundings } from './surroundings.js';
import type { Versions } from './versions.js';

/** What one call of `render` has found out before it writes. */
export interface RenderTask {
  readonly around: Surroundings;
  readonly versions: Versions;
  readonly losses: Losses;
  /** As they were given. */
  readonly objects: readonly KubeObject[];
}

/** The same for one Service. */
export interface ServiceTask extends RenderTask {
  readonly service: RoutedService;
}
