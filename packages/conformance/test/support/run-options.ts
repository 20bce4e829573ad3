import { fileURLToPath } from 'node:url';
import type { MeshEnvironment } from '@heddle/core';
import { createClusterRig } from '@heddle/sandbox';
import { ISTIO_KINDS } from '../../../adapter-istio/src/scenarios/kinds.js';
import type { RunOptions } from '../../src/index.js';

const env: MeshEnvironment = {
  version: '1.31.1',
  envoy: '1.40.0',
  served: { VirtualService: 'networking.istio.io/v1', DestinationRule: 'networking.istio.io/v1' },
  settings: { rootNamespace: 'istio-system' },
};

export const options: RunOptions = { env, cluster: (objects) => createClusterRig({ kinds: ISTIO_KINDS, objects }) };

export const istioCases = fileURLToPath(new URL('../../../adapter-istio/conformance/cases', import.meta.url));
