import { type Binding, bind } from '../../src/composition-root.js';
import type { Part } from '../../src/plugins/catalogue.js';
import { TOKENS } from '../../src/tokens.js';
import { bundledParts } from './run-command.js';

const KUMA: Part = {
  kind: 'adapter',
  id: 'kuma',
  apiVersion: 1,
  module: 'kuma',
  package: '@heddle/adapter-kuma',
  version: '0.1.0',
  origin: 'core',
};
const MODULES: Readonly<Record<string, () => Promise<unknown>>> = {
  istio: () => import('@heddle/adapter-istio'),
  kuma: () => import('@heddle/adapter-kuma'),
  ssh: () => import('@heddle/tunnel-ssh'),
};

/** The adapters of Istio and Kuma, both installed. */
export const bothMeshes: readonly Binding[] = [
  bind(TOKENS.catalogue, { parts: [...bundledParts, KUMA], problems: [] }),
  bind(TOKENS.importModule, (id) => MODULES[id]?.() ?? Promise.reject(new Error(`not a part: ${id}`))),
];
