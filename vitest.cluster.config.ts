import { defineConfig } from 'vitest/config';
import base from './vitest.config.js';

/** `npm run test:cluster`: the end-to-end suites and the packages' cluster suites, against the cluster that KUBECONFIG names. */
export default defineConfig({
  ...base,
  test: {
    include: ['test/e2e/**/*.test.ts', 'packages/*/test/cluster/**/*.cluster.ts'],
    env: { HEDDLE_E2E: 'cluster' },
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
