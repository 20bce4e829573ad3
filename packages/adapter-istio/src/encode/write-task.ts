import type { Change, KubeObject, MeshEnvironment } from '@heddle/core';
import type { DecidingTable } from '../decode/deciding.js';
import type { BaseService } from './base-service.js';
import type { Site } from './site.js';
import type { Wanted } from './wanted.js';

/** What one call of `encode` has found out before it writes. */
export interface WriteTask {
  readonly change: Change;
  readonly env: MeshEnvironment;
  /** Every VirtualService seen that the change may touch. */
  readonly objects: readonly KubeObject[];
  readonly destinationRules: readonly KubeObject[];
  readonly service: BaseService;
  readonly wanted: readonly Wanted[];
  readonly sites: readonly Site[];
  readonly bare: readonly DecidingTable[];
  /** Objects of ours without another owner's rules: left out when it was asked who decides. */
  readonly lone: readonly KubeObject[];
}
