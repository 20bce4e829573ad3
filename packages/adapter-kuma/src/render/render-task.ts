import type { RoutedService } from '@heddle/core';
import type { Losses } from './losses.js';
import type { Names, Surroundings } from './surroundings.js';
import type { Versions } from './versions.js';

/** What one call of `render` has found out before it writes. */
export interface RenderTask {
  readonly around: Surroundings;
  readonly versions: Versions;
  readonly losses: Losses;
  /** Shared by all Services: their objects may stand in one namespace, or in none. */
  readonly names: Names;
}

/** The same for one Service. */
export interface ServiceTask extends RenderTask {
  readonly service: RoutedService;
}
