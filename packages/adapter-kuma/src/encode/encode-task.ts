import type { Change, KubeObject, MeshEnvironment, Observed } from '@heddle/core';
import type { World } from '../decode/world-types.js';
import type { BaseService } from './base-service.js';
import type { Site } from './sites.js';
import type { WantedIntent } from './wanted.js';

/** What one call of `encode` has found out before it writes. */
export interface EncodeTask {
  readonly change: Change;
  readonly seen: Observed;
  readonly env: MeshEnvironment;
  readonly world: World;
  readonly base: BaseService;
  readonly wanted: readonly WantedIntent[];
  /** Every TrafficRoute and MeshHTTPRoute that was seen. */
  readonly objects: readonly KubeObject[];
  /** As they are without any object of ours; items of ours in users' objects are there. */
  readonly sites: readonly Site[];
}
