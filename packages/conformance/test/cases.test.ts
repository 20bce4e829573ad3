import { adapter } from '@heddle/adapter-istio';
import { createClusterRig } from '@heddle/sandbox';
import { ISTIO_KINDS } from '../../adapter-istio/src/scenarios/kinds.js';
import { describeConformance } from '../src/vitest.js';

/** As an author of an adapter has it; the cases with conflicts, rights and crashes on another cluster than the kit's own: the sandbox's. */
await describeConformance(adapter, {
  packageDir: new URL('../../adapter-istio/', import.meta.url),
  only: ['4', '7', '8', '9', '12', '48', '49', '50'],
  cluster: (objects) => createClusterRig({ kinds: ISTIO_KINDS, objects }),
});
